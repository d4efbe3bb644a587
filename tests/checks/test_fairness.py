"""A difference counts only with its whole interval, and only of enough people."""

from __future__ import annotations

import math

import pytest

from monitoring_pipelines.checks.fairness import judge_fairness
from monitoring_pipelines.checks.judgement import Estimate
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import FAIRNESS
from monitoring_pipelines.metrics.base import Part

RATIO, GAP = FAIRNESS["selection_rate_ratio"], FAIRNESS["true_positive_rate_gap"]
PARTS = Part(30, 100), Part(250, 500)


@pytest.mark.parametrize(
    ("metric", "bounds", "verdict", "words"),
    [
        (RATIO, (0.7, 0.6, 0.79), "warn", "is beyond 0.8; smallest cell 30"),
        (RATIO, (0.7, 0.6, 0.8), "ok", "is beyond 0.8, but chance alone could explain it"),
        (RATIO, (0.9, 0.6, 1.3), "ok", "is within 0.8"),
        (RATIO, (2.0, 1.6, 2.5), "ok", "is within 0.8"),  # the rest is below, and told so itself
        (GAP, (0.2, 0.11, 0.3), "warn", "is beyond 0.1"),
        (GAP, (-0.2, -0.3, -0.11), "warn", "is beyond 0.1"),
        (GAP, (-0.2, -0.3, -0.1), "ok", "but chance alone could explain it"),
        (GAP, (0.0, -0.05, 0.05), "ok", "is within 0.1"),
    ],
)
def test_verdicts(metric: object, bounds: tuple[float, ...], verdict: str, words: str) -> None:
    judged = judge_fairness(metric, Estimate(*bounds, 100), PARTS)  # type: ignore[arg-type]
    assert judged.verdict.value == verdict
    assert words in judged.reason
    assert judged.reason.startswith("30.0% of 100 ")


def test_the_rates_of_both_are_told() -> None:
    judged = judge_fairness(RATIO, Estimate(0.6, 0.4, 0.7, 100), PARTS)
    assert judged.reason == (
        "30.0% of 100 rows are selected, of the rest 50.0% of 500: 0.6 (0.4 to 0.7) is beyond 0.8; "
        "smallest cell 30"
    )


@pytest.mark.parametrize(
    ("parts", "who"), [((Part(0, 49), Part(9, 99)), "group"), ((Part(9, 99), Part(0, 49)), "rest")]
)
def test_few_people_are_unknown_and_not_ok(parts: tuple[Part, Part], who: str) -> None:
    judged = judge_fairness(RATIO, Estimate(0.0, 0.0, 0.1, 49), parts)
    assert judged.verdict is Verdict.UNKNOWN
    assert judged.reason == f"49 such rows of the {who} are too few to judge; it needs 50"
    assert (
        judge_fairness(RATIO, Estimate(0, 0, 0.1, 49), parts, min_rows=49).verdict is Verdict.WARN
    )


def test_it_fails_only_if_that_is_wanted() -> None:
    estimate = Estimate(0.2, 0.15, 0.3, 100)
    assert judge_fairness(GAP, estimate, PARTS, fails=True).verdict is Verdict.FAIL
    assert judge_fairness(GAP, estimate, PARTS, tolerance=0.2, fails=True).verdict is Verdict.OK
    nan = Estimate(math.nan, math.nan, math.nan, 100)
    assert judge_fairness(GAP, nan, PARTS, fails=True).verdict is Verdict.UNKNOWN
