"""Whether the newest row of a log is as recent as its windows are long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from datetime import datetime, timedelta

WARN_AFTER = 1.0
FAIL_AFTER = 2.0


def judge_staleness(
    last: datetime | None,
    window_end: datetime,
    length: timedelta,
    *,
    warn_after: float = WARN_AFTER,
    fail_after: float = FAIL_AFTER,
) -> Judgement:
    """Silence for longer than `warn_after` windows: `warn`; than `fail_after` windows: `fail`.

    `last` is the newest timestamp that was seen at or before `window_end`; without any the log has
    always been silent, which is `fail`. All moments know their time zone.

    >>> from datetime import UTC, datetime, timedelta
    >>> end = datetime(2026, 3, 4, tzinfo=UTC)
    >>> judge_staleness(datetime(2026, 3, 1, tzinfo=UTC), end, timedelta(days=1)).reason
    'the newest row is of 2026-03-01 00:00 UTC, 3.0 windows before 2026-03-04 00:00 UTC'
    """
    if last is None:
        return Judgement(Verdict.FAIL, f"no row has arrived before {window_end:%Y-%m-%d %H:%M %Z}")
    windows = (window_end - last) / length
    reason = (
        f"the newest row is of {last:%Y-%m-%d %H:%M %Z}, {max(windows, 0.0):.1f} windows "
        f"before {window_end:%Y-%m-%d %H:%M %Z}"
    )
    if windows > fail_after:
        return Judgement(Verdict.FAIL, reason)
    return Judgement(Verdict.WARN if windows > warn_after else Verdict.OK, reason)
