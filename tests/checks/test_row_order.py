"""Times that were made from the places of rows; clocks, sensors and arrivals are not."""

from __future__ import annotations

import pytest

from monitoring_pipelines.checks.row_order import judge_row_order
from monitoring_pipelines.domain.verdict import Verdict


@pytest.mark.parametrize(
    ("n", "spacing", "verdict"),
    [
        (5_000, 86_400 / 5_000, Verdict.WARN),  # a day cut into so many rows
        (7_000, 86_399 / 7_000, Verdict.WARN),
        (10**6, 0.0864, Verdict.WARN),
        (199, 17.28, Verdict.OK),  # too few to say so
        (720, 3_600.0, Verdict.OK),  # hour by hour
        (1_440, 60.000004, Verdict.OK),
        (5_000, 0.02, Verdict.OK),  # fifty times a second
        (5_000, 1 / 3, Verdict.OK),
        (5_000, None, Verdict.OK),
        (0, None, Verdict.UNKNOWN),
    ],
)
def test_verdicts(n: int, spacing: float | None, verdict: Verdict) -> None:
    assert judge_row_order(n, spacing).verdict is verdict


def test_it_says_what_to_do() -> None:
    said = judge_row_order(5_000, 17.28).reason
    assert said.startswith("all 5,000 rows are 17.28 seconds apart")
    assert said.endswith("Give the column that tells when each row was scored")
