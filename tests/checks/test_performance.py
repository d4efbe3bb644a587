"""Worse is said if it is credible and large; it fails if the metric decides."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate
from monitoring_pipelines.checks.performance import judge_performance
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import PERFORMANCE
from tests.metrics import samples

AUC, MAE, BIAS = PERFORMANCE["roc_auc"], PERFORMANCE["mae"], PERFORMANCE["bias"]
REFERENCE = Estimate(0.9034, 0.901, 0.906, 68_785)


def around(value: float, arm: float, n: int = 5_000) -> Estimate:
    return Estimate(value, value - arm, value + arm, n)


@pytest.mark.parametrize(
    ("estimate", "reference", "verdict", "says"),
    [
        (
            around(0.8035, 0.0125),
            REFERENCE,
            Verdict.FAIL,
            "roc_auc 0.8035 is 0.0999 worse than the reference 0.9034 (tolerance 0.02)",
        ),
        (around(0.89, 0.001), REFERENCE, Verdict.OK, "within the tolerance 0.02"),
        (around(0.85, 0.1), REFERENCE, Verdict.OK, "chance alone could explain 0.1"),
        (around(0.9135, 0.005), REFERENCE, Verdict.OK, "is better than the reference 0.9034"),
        (around(0.9036, 0.005), REFERENCE, Verdict.OK, "is no worse than the reference 0.9034"),
        (around(0.5, 0.01, n=29), REFERENCE, Verdict.UNKNOWN, "29 labelled rows are too few"),
        (around(0.5, 0.01, n=1), REFERENCE, Verdict.UNKNOWN, "1 labelled rows are too few"),
        (around(0.5, 0.01, n=0), REFERENCE, Verdict.UNKNOWN, "0 labelled rows are too few"),
        (around(0.5, 0.01), None, Verdict.UNKNOWN, "has no reference"),
        (around(0.5, 0.01), around(0.9, 0.1, n=3), Verdict.UNKNOWN, "the reference has 3 labelled"),
        (around(math.nan, 0.01), REFERENCE, Verdict.UNKNOWN, "could not be computed"),
        (around(0.5, math.nan), REFERENCE, Verdict.UNKNOWN, "could not be computed"),
        (around(0.5, 0.01), around(math.nan, 0.1), Verdict.UNKNOWN, "in the reference"),
    ],
)
def test_table(estimate: Estimate, reference: Estimate | None, verdict: Verdict, says: str) -> None:
    judged = judge_performance(AUC, estimate, reference, decides=True)
    assert judged.verdict is verdict
    assert says in judged.reason


@pytest.mark.parametrize(("window", "usual", "where"), [(4, 50, ""), (50, 4, " in the reference")])
def test_scores_with_few_rows_of_a_class_are_not_judged(
    window: int, usual: int, where: str
) -> None:
    found = replace(around(0.5, 0.01), rarer=window)
    judged = judge_performance(AUC, found, replace(REFERENCE, rarer=usual), decides=True)
    assert judged.verdict is Verdict.UNKNOWN
    said = f"4 labels of the rarer class{where} are too few to judge roc_auc; it needs 5"
    assert judged.reason == said
    assert judge_performance(MAE, found, REFERENCE, decides=True).verdict is not Verdict.UNKNOWN


def test_a_metric_that_does_not_decide_only_warns() -> None:
    judged = judge_performance(AUC, around(0.8, 0.01), REFERENCE, decides=False)
    assert judged.verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("value", "verdict"), [(105.0, Verdict.OK), (115.0, Verdict.FAIL), (50.0, Verdict.OK)]
)
def test_a_relative_tolerance_is_a_share_of_the_reference(value: float, verdict: Verdict) -> None:
    judged = judge_performance(MAE, around(value, 1), around(100, 1), decides=True)
    assert judged.verdict is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(2.0, Verdict.OK), (-2.0, Verdict.OK), (4.0, Verdict.FAIL), (-4.0, Verdict.FAIL)],
)
@pytest.mark.parametrize("before", [2.5, -2.5])
def test_away_from_zero_on_either_side(before: float, value: float, verdict: Verdict) -> None:
    judged = judge_performance(BIAS, around(value, 0.1), around(before, 0.1), decides=True)
    assert judged.verdict is verdict


def test_a_user_may_set_the_tolerance() -> None:
    judged = judge_performance(AUC, around(0.8, 0.01), REFERENCE, tolerance=0.2, decides=True)
    assert judged.verdict is Verdict.OK


@pytest.mark.parametrize("name", ["roc_auc", "accuracy", "log_loss", "f1"])
def test_false_alarms(name: str) -> None:
    metric, alpha, draws = PERFORMANCE[name], 0.02, 400
    rng = np.random.default_rng(1)

    def estimate(n: int) -> Estimate:
        labelled = samples.binary(*samples.binary_rows(rng, n))
        interval = metric.interval(labelled, interval_confidence(alpha))
        return Estimate(metric.compute(labelled), *interval, n)

    judged = [
        judge_performance(metric, estimate(150), estimate(2_000), tolerance=0.0, decides=True)
        for _ in range(draws)
    ]
    alarms = sum(j.verdict is Verdict.FAIL for j in judged) / draws
    assert alarms <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)
