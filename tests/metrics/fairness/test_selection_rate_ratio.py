"""The four-fifths rule: its ratio, and an interval that keeps it from firing on chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.errors import EmptySampleError, NotApplicableError
from monitoring_pipelines.metrics.base import Part
from monitoring_pipelines.metrics.fairness.selection_rate_ratio import (
    METRIC,
    selection_rate_ratio,
    selection_rate_ratio_interval,
)


def test_the_guidelines_own_example() -> None:
    """29 CFR 1607.4: 48 of 80 and 12 of 40 applicants hired, 60 and 30 per cent: 1/2."""
    assert selection_rate_ratio(Part(12, 40), Part(48, 80)) == pytest.approx(0.5)


def test_the_interval_holds_the_ratio_and_narrows_with_rows() -> None:
    widths = []
    for n in (40, 160, 640):
        low, high = selection_rate_ratio_interval(Part(n // 4, n), Part(n // 2, n), 0.95)
        assert 0 < low < 0.5 < high
        widths.append(math.log(high / low))
    assert widths == sorted(widths, reverse=True)
    # with many rows as by Katz's logarithm: sqrt(3/160 + 1/320 ...) on the log scale
    error = math.sqrt((1 - 0.25) / 160 + (1 - 0.5) / 320)
    assert widths[-1] == pytest.approx(2 * 1.96 * error, rel=0.02)


def test_swapping_the_groups_inverts_the_interval() -> None:
    low, high = selection_rate_ratio_interval(Part(12, 40), Part(48, 80), 0.95)
    other_low, other_high = selection_rate_ratio_interval(Part(48, 80), Part(12, 40), 0.95)
    assert (1 / other_high, 1 / other_low) == pytest.approx((low, high))


@pytest.mark.parametrize("parts", [(Part(0, 0), Part(1, 2)), (Part(1, 2), Part(0, 0))])
def test_no_row_is_an_error(parts: tuple[Part, Part]) -> None:
    with pytest.raises(EmptySampleError):
        selection_rate_ratio(*parts)


def test_a_rest_of_which_nobody_is_selected_has_no_ratio() -> None:
    with pytest.raises(NotApplicableError, match="nobody of the rest"):
        selection_rate_ratio_interval(Part(1, 10), Part(0, 10), 0.95)


def test_nobody_and_everybody_of_the_group() -> None:
    low, high = selection_rate_ratio_interval(Part(0, 30), Part(15, 30), 0.95)
    assert low == 0.0 < high < 1
    low, high = selection_rate_ratio_interval(Part(30, 30), Part(30, 30), 0.95)
    assert low < 1.0 <= high
    low, high = selection_rate_ratio_interval(Part(1, 1), Part(1, 1), 0.95)
    assert low < 0.5
    assert high > 2


def alarms(rng: np.random.Generator, n: int, rate: float, confidence: float, draws: int) -> float:
    """How often the whole interval is below four fifths, of two groups with the same true rate."""
    counts, times = np.unique(rng.binomial(n, rate, size=(draws, 2)), axis=0, return_counts=True)
    hits = 0
    for (mine, theirs), weight in zip(counts.tolist(), times.tolist(), strict=True):
        if theirs:
            _, high = selection_rate_ratio_interval(Part(mine, n), Part(theirs, n), confidence)
            hits += weight * (high < METRIC.tolerance)
    return hits / draws


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("n", [50, 100, 300])
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_four_fifths_at_equal_true_rates(n: int, rate: float, alpha: float) -> None:
    """The plain rule fires in 62 per cent of samples of 100 people at a rate of 10 per cent."""
    draws = 200_000
    fired = alarms(np.random.default_rng(12), n, rate, 1 - 2 * alpha, draws)
    assert fired <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "n"), [(0.1, 100), (0.5, 100), (0.5, 1_000)])
def test_at_exactly_four_fifths_it_fires_about_as_often_as_it_may(rate: float, n: int) -> None:
    """The limit itself is the worst case that is still fair: the bound has its nominal level."""
    rng, draws, alpha = np.random.default_rng(13), 100_000, 0.05
    pairs = np.column_stack([rng.binomial(n, 0.8 * rate, draws), rng.binomial(n, rate, draws)])
    counts, times = np.unique(pairs, axis=0, return_counts=True)
    hits = sum(
        weight
        for (mine, theirs), weight in zip(counts.tolist(), times.tolist(), strict=True)
        if theirs
        and selection_rate_ratio_interval(Part(mine, n), Part(theirs, n), 0.9)[1] < METRIC.tolerance
    )
    # the interval is approximate: with ten selected people it is off by less than a fifth
    assert 0.5 * alpha < hits / draws <= 1.2 * alpha


def test_the_plain_rule_would_fire_as_often_as_published() -> None:
    rng, draws, n = np.random.default_rng(14), 100_000, 100
    mine, theirs = rng.binomial(n, 0.1, size=(2, draws))
    low, high = np.minimum(mine, theirs), np.maximum(mine, theirs)
    # 0.62 with the samples that are at four fifths exactly
    assert np.mean(5 * low <= 4 * high) == pytest.approx(0.62, abs=0.01)
    assert alarms(rng, n, 0.1, 0.9, 20_000) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 20_000)
