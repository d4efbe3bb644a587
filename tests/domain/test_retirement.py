"""The days before a model is switched off, one by one where the verdict changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitoring_pipelines.domain.retirement import retirement

LAST = date(2026, 10, 23)


@pytest.mark.parametrize(
    ("left", "verdict"),
    [(91, "ok"), (90, "warn"), (31, "warn"), (30, "fail"), (0, "fail"), (-400, "fail")],
)
def test_it_warns_from_ninety_days_and_fails_from_thirty(left: int, verdict: str) -> None:
    found = retirement(LAST, LAST - timedelta(days=left))
    assert (found.verdict.value, found.days) == (verdict, left)


def test_a_day_that_has_passed_is_said_so() -> None:
    assert retirement(LAST, date(2026, 10, 24)).said.endswith("on 2026-10-23, 1 day ago")
