"""The statistic of the 2 x k table, as scipy has it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from monitoring_pipelines.metrics.drift.chi_squared import chi_squared
from tests.metrics.samples import histogram


def test_agrees_with_scipy() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        a, b = rng.integers(0, 50, size=(2, 8))
        a[0] += 1  # the first bin is never empty in both, others are dropped if they are
        table = np.array([a, b])[:, (a + b) > 0]
        expected = chi2_contingency(table, correction=False).statistic
        ours = chi_squared(histogram(*a.tolist()), histogram(*b.tolist()))
        assert ours == pytest.approx(expected, abs=1e-9)


def test_grows_with_the_rows() -> None:
    a, b = histogram(60, 40), histogram(40, 60)
    assert chi_squared(a + a, b + b) == pytest.approx(2 * chi_squared(a, b))


def test_billions_of_rows_do_not_overflow() -> None:
    a, b = histogram(6 * 10**10, 4 * 10**10), histogram(4 * 10**10, 6 * 10**10)
    assert chi_squared(a, b) == pytest.approx(
        10**9 * chi_squared(histogram(60, 40), histogram(40, 60))
    )
