"""Scores in the log."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics import SIGNALS
from monitoring_pipelines.metrics.base import Direction
from monitoring_pipelines.summaries.activity import Activity
from tests.metrics.signals.value import of_amounts, of_levels
from tests.summaries.test_activity import amounts

SCORE = SIGNALS["score"]


def given(*values: float) -> Activity:
    return Activity(len(values), amounts={"score": amounts(np.array(values, dtype=float))})


def test_the_mean_may_be_below_zero() -> None:
    assert of_amounts("score", "score", -1, -1, 0.5) == pytest.approx(-0.5)


def test_right_and_wrong_have_the_exact_interval() -> None:
    exact = binomtest(3, 10).proportion_ci(0.95, method="exact")
    assert SCORE.interval(given(*[1] * 3, *[0] * 7), 0.95) == pytest.approx((exact.low, exact.high))


def test_of_nothing_and_of_one_score() -> None:
    with pytest.raises(NotApplicableError, match="no row tells"):
        SCORE.compute(Activity(3))
    assert SCORE.compute(given(0.4)) == 0.4
    with pytest.raises(NotApplicableError, match="equal scores"):
        SCORE.interval(given(4.0, 4.0), 0.95)


def test_of_another_scale_it_is_the_same_interval() -> None:
    exact = binomtest(3, 10).proportion_ci(0.95, method="exact")
    low, high = SCORE.interval(given(*[5] * 3, *[1] * 7), 0.95)
    assert (low, high) == pytest.approx((1 + 4 * exact.low, 1 + 4 * exact.high))


def test_a_mean_of_random_scores_is_no_more_often_outside_than_it_may_be() -> None:
    rng, alpha, missed, windows = np.random.default_rng(7), 0.05, 0, 1_000
    for _ in range(windows):
        low, high = SCORE.interval(given(*rng.beta(8, 2, 30)), 1 - alpha)
        missed += not low <= 0.8 <= high
    assert missed / windows < alpha + 3 * np.sqrt(alpha * (1 - alpha) / windows)


def test_coverage_falls_and_judges_appear() -> None:
    assert of_levels("score_coverage", "is_scored", **{"0": 1, "1": 3}) == 0.75
    assert SIGNALS["score_coverage"].direction is Direction.LOWER_IS_WORSE
    assert of_levels("judge_share", "is_judged", **{"0": 3, "1": 1}) == 0.25
    assert SIGNALS["judge_share"].direction is Direction.HIGHER_IS_WORSE
