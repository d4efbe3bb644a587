"""A rise of bad values is said if it is credible and large."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.checks.judgement import Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict

CLEAN = Share(0, 10_000)


@pytest.mark.parametrize(
    ("share", "reference", "verdict", "says"),
    [
        (Share(0, 0), CLEAN, Verdict.UNKNOWN, "no row to take a share of"),
        (Share(1, 10), None, Verdict.UNKNOWN, "the reference has none"),
        (Share(1, 10), Share(0, 0), Verdict.UNKNOWN, "the reference has none"),
        (Share(0, 30), CLEAN, Verdict.OK, "no more than the reference's 0.00%"),
        (Share(29, 29), CLEAN, Verdict.UNKNOWN, "29 of 29 rows: too few to judge; it needs 30"),
        (Share(30, 30), CLEAN, Verdict.FAIL, "30 of 30 rows (100.00%)"),
        (Share(1, 30), Share(20, 1_000), Verdict.OK, "chance alone could explain it"),
        (Share(9, 1_000), CLEAN, Verdict.OK, "are within 1.00% of the reference's 0.00%"),
        (Share(50, 1_000), CLEAN, Verdict.WARN, "5.00% above the reference's 0.00% (tolerance 1"),
        (Share(150, 1_000), CLEAN, Verdict.FAIL, "15.00% above the reference's 0.00% (tolerance 1"),
        (Share(0, 1_000), Share(500, 1_000), Verdict.OK, "no more than"),
        (Share(1_000, 1_000), CLEAN, Verdict.FAIL, "1,000 of 1,000 rows"),
    ],
)
def test_table(share: Share, reference: Share | None, verdict: Verdict, says: str) -> None:
    judged = judge_share(share, reference, alpha=0.001)
    assert judged.verdict is verdict
    assert says in judged.reason


def test_a_user_may_set_both_tolerances() -> None:
    share = Share(50, 1_000)
    assert judge_share(share, CLEAN, alpha=0.001, tolerance=0.06).verdict is Verdict.OK
    assert judge_share(share, CLEAN, alpha=0.001, fail_tolerance=0.04).verdict is Verdict.FAIL
    assert judge_share(Share(5, 5), CLEAN, alpha=0.001, min_rows=5).verdict is Verdict.FAIL


@pytest.mark.parametrize("p", [0.001, 0.05, 0.5])
@pytest.mark.parametrize("n", [50, 1_000])
def test_false_alarms(p: float, n: int) -> None:
    rng, draws, alpha = np.random.default_rng(1), 2_000, 0.01
    alarms = 0
    for bad, before in zip(rng.binomial(n, p, draws), rng.binomial(20_000, p, draws), strict=True):
        judged = judge_share(Share(int(bad), n), Share(int(before), 20_000), alpha=alpha)
        alarms += judged.verdict is not Verdict.OK
    assert alarms / draws <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)
