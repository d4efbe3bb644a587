"""Silence fails; other numbers of rows are judged against those that are usual."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.checks.volume import judge_volume
from monitoring_pipelines.domain.verdict import Verdict

STEADY = [1_000, 1_050, 950, 1_020, 980, 1_010, 990] * 4


@pytest.mark.parametrize(
    ("n", "reference", "verdict", "says"),
    [
        (0, STEADY, Verdict.FAIL, "no rows; windows of the reference have about 1,000"),
        (0, [], Verdict.FAIL, "no rows"),
        (0, [1_000, 0, 1_000], Verdict.UNKNOWN, "no rows, as in 1 of 3 windows of the reference"),
        (5, [], Verdict.UNKNOWN, "5 rows, and the reference has no window"),
        (5, [0, 0], Verdict.UNKNOWN, "no window to compare with"),
        (1_000, STEADY, Verdict.OK, "1,000 rows; windows of the reference have about 1,000"),
        (1, STEADY, Verdict.FAIL, "1 rows are 100% fewer than usual"),
        (400, STEADY, Verdict.FAIL, "400 rows are 60% fewer than usual"),
        (600, STEADY, Verdict.OK, "600 rows"),  # credible, and within the tolerance
        (1_900, STEADY, Verdict.OK, "1,900 rows"),
        (5_000, STEADY, Verdict.WARN, "5,000 rows are 5.0 times the usual"),
        (400, [1_000], Verdict.OK, "400 rows"),  # one window shows no spread
        (1, [1_000], Verdict.FAIL, "1 rows are 100% fewer than usual"),
        (1, [2], Verdict.OK, "1 rows"),
    ],
)
def test_table(n: int, reference: list[int], verdict: Verdict, says: str) -> None:
    judged = judge_volume(n, reference, alpha=0.001)
    assert judged.verdict is verdict
    assert says in judged.reason


def test_a_user_may_set_the_tolerance() -> None:
    assert judge_volume(400, STEADY, 0.001, tolerance=0.7).verdict is Verdict.OK
    assert judge_volume(600, STEADY, 0.001, tolerance=0.2).verdict is Verdict.FAIL


@pytest.mark.parametrize("k", [1, 2, 3, 7, 28])
@pytest.mark.parametrize("mean", [4, 1_000])
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_false_alarms_from_one_window_on(k: int, mean: int, spread: float) -> None:
    rng, draws, alpha = np.random.default_rng(1), 1_000, 0.01
    rows = rng.poisson(mean * rng.lognormal(-(spread**2) / 2, spread, (draws, k + 1)))
    rows = np.maximum(rows, 1)  # silence is another matter
    alarms = sum(
        judge_volume(row[-1], row[:-1], alpha).verdict is not Verdict.OK for row in rows.tolist()
    )
    assert alarms / draws <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)
