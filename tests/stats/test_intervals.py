"""Intervals against published examples, other implementations and measured coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from monitoring_pipelines.errors import EmptySampleError, NotApplicableError
from monitoring_pipelines.stats.intervals import (
    clopper_pearson,
    difference,
    kurtosis,
    logit_interval,
    mean_interval,
    newcombe,
    normal_quantile,
    positive_mean_interval,
    ratio,
    wilson,
)


@pytest.mark.parametrize("n", [1, 7, 100, 10**6])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.9998])
def test_wilson_agrees_with_scipy(n: int, confidence: float) -> None:
    for successes in {0, n // 3, n}:
        expected = stats.binomtest(successes, n).proportion_ci(confidence, method="wilson")
        assert wilson(successes, n, confidence) == pytest.approx(tuple(expected), abs=1e-12)


@pytest.mark.parametrize("n", [1, 7, 100, 10**6])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.9998])
def test_clopper_pearson_agrees_with_scipy(n: int, confidence: float) -> None:
    for successes in {0, n // 3, n}:
        expected = stats.binomtest(successes, n).proportion_ci(confidence, method="exact")
        found = clopper_pearson(successes, n, confidence)
        assert found == pytest.approx(tuple(expected), abs=1e-10)


def test_clopper_pearson_of_no_rows_is_an_error() -> None:
    with pytest.raises(EmptySampleError):
        clopper_pearson(0, 0, 0.95)


def test_wilson_holds_the_share_and_stays_in_its_range() -> None:
    for successes, n in [(0, 3), (3, 3), (0, 10**9), (10**9, 10**9)]:
        low, high = wilson(successes, n, 0.95)
        assert 0 <= low <= successes / n <= high <= 1


def test_wilson_of_no_rows_is_an_error() -> None:
    with pytest.raises(EmptySampleError):
        wilson(0, 0, 0.95)


# Newcombe 1998, table II, method 10 (score intervals, no continuity correction)
@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
    ],
)
def test_newcombe_agrees_with_its_paper(
    counts: tuple[int, int, int, int], expected: tuple[float, float]
) -> None:
    assert newcombe(*counts, 0.95) == pytest.approx(expected, abs=5e-5)


def test_the_difference_of_normal_intervals_is_normal() -> None:
    z = normal_quantile(0.95)
    low, high = difference(5.0, (5 - 3 * z, 5 + 3 * z), 1.0, (1 - 4 * z, 1 + 4 * z))
    assert (low, high) == pytest.approx((4 - 5 * z, 4 + 5 * z))  # 3, 4, 5


def test_students_interval_agrees_with_scipy() -> None:
    rows = np.random.default_rng(1).normal(size=12)
    expected = stats.ttest_1samp(rows, 0).confidence_interval(0.9)
    ours = mean_interval(float(rows.mean()), float(rows.var()), 12, 0.9)
    assert ours == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("interval", [mean_interval, positive_mean_interval])
def test_one_row_has_no_spread(interval: object) -> None:
    assert callable(interval)
    with pytest.raises(NotApplicableError, match="1 labelled rows do not give an interval"):
        interval(1.0, 0.0, 1, 0.95)


def test_kurtosis_agrees_with_scipy() -> None:
    rng = np.random.default_rng(2)
    values, weights = rng.lognormal(size=30), rng.integers(0, 9, 30)
    expected = stats.kurtosis(np.repeat(values, weights), fisher=False)
    assert kurtosis(values, weights) == pytest.approx(expected)
    assert kurtosis(np.ones(3), np.ones(3)) == 3


def test_few_rows_that_hold_the_sum_have_few_degrees_of_freedom() -> None:
    """O'Neill 2014: 2 n / (kurtosis - (n - 3) / (n - 1)), here 2 * 101 / (21.18 - 0.98) = 10."""
    usual = positive_mean_interval(1.0, 1.0, 101, 0.99)
    heavy = positive_mean_interval(1.0, 1.0, 101, 0.99, kurtosis=21.18)
    expected = stats.t.ppf(0.995, 10) / stats.t.ppf(0.995, 100)
    assert math.log(heavy[1]) / math.log(usual[1]) == pytest.approx(expected, rel=1e-3)


def test_a_mean_of_zeros_has_no_width() -> None:
    assert positive_mean_interval(0.0, 0.0, 10, 0.95) == (0.0, 0.0)


def test_the_positive_interval_stays_finite() -> None:
    low, high = positive_mean_interval(1e-300, 1.0, 2, 0.999)
    assert low >= 0
    assert math.isfinite(high)


def test_logit_interval_is_the_textbook_formula() -> None:
    value, error = 0.8, 0.05
    half = 1.959963984540054 * error / 0.16
    expected = [1 / (1 + math.exp(-(math.log(4) + sign * half))) for sign in (-1, 1)]
    assert logit_interval(value, error, 0.95) == pytest.approx(tuple(expected))


def test_the_ratio_of_narrow_intervals_is_the_delta_methods() -> None:
    """With small errors e and f, log(a / b) has the variance (e / a)^2 + (f / b)^2."""
    a, b, e, f = 0.3, 0.5, 3e-4, 4e-4
    low, high = ratio(a, (a - e, a + e), b, (b - f, b + f))
    half = math.hypot(e / a, f / b)
    assert math.log(low / 0.6) == pytest.approx(-half, rel=1e-2)
    assert math.log(high / 0.6) == pytest.approx(half, rel=1e-2)


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_the_ratio_of_any_two_counts_lies_in_its_interval(n: int) -> None:
    for mine in range(n + 1):
        for theirs in range(1, n + 1):
            value, other = mine / n, theirs / n
            low, high = ratio(value, wilson(mine, n, 0.95), other, wilson(theirs, n, 0.95))
            assert 0 <= low <= value / other <= high


def test_a_divisor_that_may_be_zero_leaves_the_ratio_unbounded() -> None:
    assert ratio(0.5, (0.4, 0.6), 0.1, (0.0, 0.2))[1] == math.inf
