"""Equal to scipy's statistic where it can be, else a bound that is close."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

from monitoring_pipelines.metrics.drift.kolmogorov_smirnov import kolmogorov_smirnov
from tests.metrics.samples import binned, fitted_edges


def test_is_exact_if_every_value_has_its_edge() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        a, b = rng.poisson(3, 200).astype(float), rng.poisson(3.5, 80).astype(float)
        edges = np.unique(np.concatenate([a, b]))
        ours = kolmogorov_smirnov(binned(a, edges), binned(b, edges))
        assert ours == pytest.approx(ks_2samp(a, b, method="asymp").statistic, abs=1e-12)


def test_is_a_bound_within_one_fine_bin() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        a, b = rng.normal(size=5_000), rng.normal(0.1, 1.0, 1_000)
        edges, _ = fitted_edges(a)
        exact = ks_2samp(a, b, method="asymp").statistic
        ours = kolmogorov_smirnov(binned(a, edges), binned(b, edges))
        assert exact - 0.01 <= ours <= exact + 1e-12  # a bin of the reference holds 1 in 100
