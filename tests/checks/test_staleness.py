"""How long a log has been silent, in windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitoring_pipelines.checks.staleness import judge_staleness
from monitoring_pipelines.domain.verdict import Verdict

END = datetime(2026, 3, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("hours", "verdict"),
    [
        (0, Verdict.OK),
        (24, Verdict.OK),
        (25, Verdict.WARN),
        (48, Verdict.WARN),
        (49, Verdict.FAIL),
        (-3, Verdict.OK),  # a row after the end of the window is not silence
    ],
)
def test_table(hours: int, verdict: Verdict) -> None:
    assert judge_staleness(END - timedelta(hours=hours), END, DAY).verdict is verdict


def test_the_reason_names_both_moments() -> None:
    judged = judge_staleness(END - 3 * DAY, END, DAY)
    assert judged.reason == (
        "the newest row is of 2026-03-01 00:00 UTC, 3.0 windows before 2026-03-04 00:00 UTC"
    )


def test_a_log_that_never_spoke_fails() -> None:
    judged = judge_staleness(None, END, DAY)
    assert judged.verdict is Verdict.FAIL
    assert judged.reason == "no row has arrived before 2026-03-04 00:00 UTC"


def test_a_user_may_wait_longer() -> None:
    judged = judge_staleness(END - 3 * DAY, END, DAY, warn_after=4, fail_after=8)
    assert judged.verdict is Verdict.OK
