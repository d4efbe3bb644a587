"""A promise is broken only beyond chance."""

from __future__ import annotations

import pytest

from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate
from monitoring_pipelines.checks.limit import judge_limit
from monitoring_pipelines.metrics.base import Direction
from monitoring_pipelines.stats.intervals import clopper_pearson

ABOVE, BELOW = Direction.HIGHER_IS_WORSE, Direction.LOWER_IS_WORSE


@pytest.mark.parametrize(
    ("estimate", "direction", "verdict"),
    [
        (Estimate(0.04, 0.03, 0.06, 900), ABOVE, "ok"),
        (Estimate(0.06, 0.04, 0.09, 100), ABOVE, "ok"),  # chance could explain it
        (Estimate(0.06, 0.055, 0.07, 9000), ABOVE, "fail"),
        (Estimate(0.05, 0.05, 0.05, 1), ABOVE, "ok"),  # as much as was promised
        (Estimate(51.0, 51.0, 51.0, 7), ABOVE, "fail"),  # a sum is no sample
        (Estimate(0.04, 0.03, 0.06, 900), BELOW, "ok"),
        (Estimate(0.04, 0.03, 0.045, 900), BELOW, "fail"),
        (Estimate(0.06, 0.05, 0.07, 900), BELOW, "ok"),
    ],
)
def test_verdicts(estimate: Estimate, direction: Direction, verdict: str) -> None:
    assert judge_limit("m", estimate, 0.05, direction).verdict.value == verdict


def test_a_rate_at_its_limit_fails_no_more_often_than_was_asked_for() -> None:
    import numpy as np

    alpha, n, draws = 0.02, 300, 20_000
    hits = np.random.default_rng(4).binomial(n, 0.05, draws)
    of = {k: clopper_pearson(k, n, interval_confidence(alpha)) for k in range(n + 1)}
    failed = sum(
        judge_limit("m", Estimate(k / n, *of[k], n), 0.05, ABOVE).verdict.value == "fail"
        for k in hits.tolist()
    )
    assert failed / draws < alpha + 3 * (alpha / draws) ** 0.5
