"""Shares of levels."""

from __future__ import annotations

import math

import pytest
from scipy.stats import binom

from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate
from monitoring_pipelines.checks.performance import judge_performance
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import Direction
from monitoring_pipelines.metrics.rate import rate
from monitoring_pipelines.summaries.activity import Activity

CALLS = Activity(20, {"finish": {"stop": 6, "length": 3, "context_window": 1}})


def test_rows_that_do_not_tell_are_not_counted() -> None:
    cut = rate("cut", "X", "x", Task.LLM, "finish", {"length", "context_window"})
    assert cut.compute(CALLS) == 4 / 10
    assert cut.n(CALLS) == 10
    low, high = cut.interval(CALLS, 0.95)
    # Clopper and Pearson's: with these shares 4 and more, 4 and fewer of 10 have 2.5 %
    assert sum(math.comb(10, k) * low**k * (1 - low) ** (10 - k) for k in range(4, 11)) == (
        pytest.approx(0.025)
    )
    assert sum(math.comb(10, k) * high**k * (1 - high) ** (10 - k) for k in range(5)) == (
        pytest.approx(0.025)
    )


@pytest.mark.parametrize(("n", "of", "p"), [(30, 3000, 0.003), (50, 500, 0.05), (200, 200, 0.2)])
def test_without_a_change_a_rate_is_not_called_worse_more_often_than_was_asked_for(
    n: int, of: int, p: float
) -> None:
    """The probability over all windows and references, but for what has none (below 1e-12)."""
    alpha = 0.0055  # one false alert a quarter, over daily windows, for half of the budget
    errors = rate("errors", "X", "x", Task.LLM, "status", {"error"})
    confidence = interval_confidence(alpha)

    def estimates(n: int) -> list[tuple[float, Estimate]]:
        found = []
        for k in range(n + 1):
            calls = Activity(n, {"status": {"error": k, "ok": n - k}})
            chance = float(binom.pmf(k, n, p))
            if chance > 1e-12:
                interval = errors.interval(calls, confidence)
                found.append((chance, Estimate(k / n, *interval, n)))
        return found

    wrong = sum(
        chance * other
        for chance, seen in estimates(n)
        for other, usual in estimates(of)
        if judge_performance(errors, seen, usual, tolerance=1e-9).verdict.value == "warn"
    )
    assert 0.1 * alpha < wrong <= alpha


def test_a_share_of_all_rows_counts_them() -> None:
    told = rate(
        "told", "X", "x", Task.LLM, "finish", None, direction=Direction.LOWER_IS_WORSE, of_all=True
    )
    assert (told.compute(CALLS), told.n(CALLS)) == (0.5, 20)
    assert told.compute(Activity(5)) == 0.0


def test_no_row_that_tells_is_an_error() -> None:
    cut = rate("cut", "X", "x", Task.LLM, "finish", {"length"})
    with pytest.raises(NotApplicableError, match="no row tells `finish`"):
        cut.compute(Activity(7, {"status": {"ok": 7}}))
    assert cut.n(Activity(7)) == 0
