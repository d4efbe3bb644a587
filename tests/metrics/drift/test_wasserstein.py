"""Equal to scipy's distance where it can be, in standard deviations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.drift.wasserstein import wasserstein
from monitoring_pipelines.summaries.histogram import Histogram
from tests.metrics.samples import binned, fitted_edges


def test_is_exact_if_every_value_has_its_edge() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        a, b = rng.poisson(3, 200).astype(float), rng.poisson(3.5, 80).astype(float)
        edges = np.unique(np.concatenate([a, b]))
        ours = wasserstein(binned(a, edges), binned(b, edges))
        assert ours == pytest.approx(wasserstein_distance(a, b) / a.std(), abs=1e-9)


def test_a_shift_is_read_in_standard_deviations() -> None:
    rng = np.random.default_rng(2)
    a = rng.normal(10.0, 5.0, 100_000)
    edges, _ = fitted_edges(a)
    ours = wasserstein(binned(a, edges), binned(a + 0.5, edges))
    assert ours == pytest.approx(0.1, abs=0.005)  # a tenth; bins and clipping cost a little


def test_one_absurd_value_is_not_drift() -> None:
    a = np.arange(1_000.0)
    edges, _ = fitted_edges(a)
    ours = wasserstein(binned(a, edges), binned(np.append(a, 1e12), edges))
    assert ours < 0.01


@pytest.mark.parametrize(
    "constant",
    [Histogram((5.0,), (9, 0)), Histogram((1.0, 2.0, 3.0), (9, 0, 0, 0)), Histogram((), (9,))],
)
def test_a_constant_reference_has_no_unit(constant: Histogram) -> None:
    with pytest.raises(NotApplicableError, match="no spread"):
        wasserstein(constant, constant)
