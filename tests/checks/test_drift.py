"""Drift is said if it is more than chance and more than matters, and it never fails."""

from __future__ import annotations

import math

import pytest

from monitoring_pipelines.checks.drift import judge_drift
from monitoring_pipelines.checks.judgement import Change
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import DRIFT

PSI = DRIFT["psi"]


@pytest.mark.parametrize(
    ("value", "floor", "n", "verdict", "says"),
    [
        (0.31, 0.02, 5_000, Verdict.WARN, "psi 0.31 is beyond the tolerance 0.1, and chance alone"),
        (99.0, 0.02, 5_000, Verdict.WARN, "beyond the tolerance"),  # however large
        (0.31, 0.40, 5_000, Verdict.OK, "no more than chance"),
        (0.05, 0.02, 5_000, Verdict.OK, "more than chance, but within the tolerance 0.1"),
        (0.10, 0.02, 5_000, Verdict.OK, "within the tolerance"),
        (0.02, 0.02, 5_000, Verdict.OK, "no more than chance"),
        (0.00, 0.00, 5_000, Verdict.OK, "no more than chance"),
        (9.00, 0.02, 199, Verdict.UNKNOWN, "199 values are too few to judge; it needs 200"),
        (9.00, 0.02, 1, Verdict.UNKNOWN, "1 values are too few"),
        (9.00, 0.02, 0, Verdict.UNKNOWN, "0 values are too few"),
        (math.nan, 0.02, 5_000, Verdict.UNKNOWN, "psi could not be computed"),
        (0.31, math.nan, 5_000, Verdict.UNKNOWN, "psi could not be computed"),
    ],
)
def test_table(value: float, floor: float, n: int, verdict: Verdict, says: str) -> None:
    judged = judge_drift(PSI, Change(value, floor, 0.0, n))
    assert judged.verdict is verdict
    assert says in judged.reason


def test_a_statistic_that_grows_with_the_rows_never_decides_alone() -> None:
    judged = judge_drift(DRIFT["chi_squared"], Change(400.0, 20.0, 9.0, 5_000))
    assert judged.verdict is Verdict.OK
    assert judged.reason == "chi_squared 400 is more than chance, which tells nothing of its size"


def test_a_user_may_set_the_tolerance() -> None:
    assert judge_drift(PSI, Change(0.31, 0.02, 0.0, 5_000), 0.5).verdict is Verdict.OK
    assert judge_drift(PSI, Change(0.05, 0.02, 0.0, 5_000), 0.0).verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("name", "value", "expected", "verdict"),
    [
        ("psi", 0.15, 0.04, Verdict.WARN),  # 0.15 - 0.04 is beyond 0.1
        ("psi", 0.15, 0.06, Verdict.OK),
        ("jensen_shannon", 0.13, 0.08, Verdict.WARN),  # 0.13² - 0.08² = 0.0105 is beyond 0.1²
        ("jensen_shannon", 0.13, 0.09, Verdict.OK),
    ],
)
def test_what_chance_gives_on_average_is_no_effect(
    name: str, value: float, expected: float, verdict: Verdict
) -> None:
    judged = judge_drift(DRIFT[name], Change(value, 0.12, expected, 300))
    assert judged.verdict is verdict
    assert ("without the part that chance gives" in judged.reason) is (verdict is Verdict.OK)
