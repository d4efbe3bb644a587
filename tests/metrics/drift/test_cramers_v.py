"""Bergsma's correction for samples of equal size, and no dependence on their ratio."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.drift.cramers_v import cramers_v
from tests.metrics.samples import histogram


def bergsma(table: np.ndarray) -> float:
    """Bergsma 2013, equations for the corrected V of an r x k table."""
    n, (r, k) = table.sum(), table.shape
    phi = chi2_contingency(table, correction=False).statistic / n
    phi = max(0.0, phi - (k - 1) * (r - 1) / (n - 1))
    rows, columns = r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)
    return math.sqrt(phi / (min(rows, columns) - 1))


def test_agrees_with_bergsma_for_equal_sizes() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        a, b = (rng.multinomial(400, p) for p in rng.dirichlet(np.full(6, 3.0), 2))
        table = np.array([a, b])[:, (a + b) > 0]
        ours = cramers_v(histogram(*a.tolist()), histogram(*b.tolist()))
        assert ours == pytest.approx(bergsma(table), abs=1e-9)


def test_does_not_depend_on_the_ratio_of_the_sizes() -> None:
    # shares (0.6, 0.4) and (0.4, 0.6): V tends to sqrt((0.2^2 + 0.2^2) / 2) = 0.2
    for times in (1, 10, 1_000):
        reference = histogram(600_000 * times, 400_000 * times)
        value = cramers_v(reference, histogram(400_000, 600_000))
        assert value == pytest.approx(0.2, abs=1e-4)


def test_less_change_than_chance_gives_is_zero() -> None:
    assert cramers_v(histogram(50, 50), histogram(26, 24)) == 0


def test_nothing_shared_is_one() -> None:
    assert cramers_v(histogram(1_000, 0), histogram(0, 1_000)) == pytest.approx(1)


def test_one_row_against_one_row_is_not_enough() -> None:
    with pytest.raises(NotApplicableError, match="one row against one row"):
        cramers_v(histogram(1, 0), histogram(0, 1))
