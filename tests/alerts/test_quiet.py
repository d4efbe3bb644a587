from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from monitoring_pipelines.alerts.quiet import QuietHours
from monitoring_pipelines.errors import ConfigError

MADRID = ZoneInfo("Europe/Madrid")


def until(hours: str, moment: str, zone: ZoneInfo = MADRID) -> str | None:
    found = QuietHours.parse(hours).until(datetime.fromisoformat(moment).replace(tzinfo=zone), zone)
    return None if found is None else f"{found.astimezone(zone):%d %H:%M}"


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-24T19:59", None),
        ("2026-11-24T20:00", "25 08:00"),
        ("2026-11-24T23:59", "25 08:00"),
        ("2026-11-24T00:00", "24 08:00"),
        ("2026-11-24T07:59", "24 08:00"),
        ("2026-11-24T08:00", None),
    ],
)
def test_over_midnight(moment: str, end: str | None) -> None:
    assert until("20:00-08:00", moment) == end


def test_within_a_day() -> None:
    assert until("12:00-14:30", "2026-11-24T12:00") == "24 14:30"
    assert until("12:00-14:30", "2026-11-24T14:30") is None


def test_the_morning_is_the_local_one_though_the_clock_changed_in_the_night() -> None:
    hours = QuietHours(time(20), time(8))
    evening = datetime(2026, 10, 24, 20, 30, tzinfo=MADRID)
    found = hours.until(evening.astimezone(UTC), MADRID)
    assert found == datetime(2026, 10, 25, 7, tzinfo=UTC)  # 8:00 in winter time


@pytest.mark.parametrize("text", ["20-8", "24:00-08:00", "20:00", "20:60-08:00"])
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ConfigError, match=r"are no hours; write 20:00-08:00\."):
        QuietHours.parse(text)


def test_a_whole_day_is_refused() -> None:
    with pytest.raises(ConfigError, match="nobody would ever be told"):
        QuietHours.parse("08:00-08:00")
