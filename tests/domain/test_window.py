"""Windows are half-open, whole, in the model's time zone, and named as Dagster names partitions."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitoring_pipelines.domain.window import (
    Cadence,
    Window,
    floor,
    following,
    previous,
    window_of,
    windows_between,
)
from monitoring_pipelines.errors import ConfigError

BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")  # 5:30 h ahead
ADELAIDE = ZoneInfo("Australia/Adelaide")  # 9:30 h ahead, and it changes its clocks
ZONES = [ZoneInfo("UTC"), BERLIN, KOLKATA, ADELAIDE, ZoneInfo("America/New_York")]


@pytest.mark.parametrize(
    ("cadence", "expected", "key"),
    [
        (Cadence.HOUR, "2026-11-25T13:00:00+01:00", "2026-11-25-13:00"),
        (Cadence.DAY, "2026-11-25T00:00:00+01:00", "2026-11-25"),
        (Cadence.WEEK, "2026-11-23T00:00:00+01:00", "2026-11-23"),
        (Cadence.MONTH, "2026-11-01T00:00:00+01:00", "2026-11-01"),
        (Cadence.YEAR, "2026-01-01T00:00:00+01:00", "2026"),
    ],
)
def test_start_and_key(cadence: Cadence, expected: str, key: str) -> None:
    moment = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
    assert floor(moment, cadence, BERLIN).isoformat() == expected
    assert window_of(moment, cadence, BERLIN).key(cadence) == key


@pytest.mark.parametrize(
    ("day", "hours"),
    [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 7, 1), 24)],
    ids=["clocks go forward", "clocks go back", "usual"],
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: tuple[int, int, int], hours: int) -> None:
    window = window_of(datetime(*day, 12, tzinfo=BERLIN), Cadence.DAY, BERLIN).utc
    assert window.end - window.start == timedelta(hours=hours)
    inside = list(windows_between(window.start, window.end, Cadence.HOUR, BERLIN))
    assert len(inside) == hours


def test_the_repeated_hour_is_two_windows() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 summer time
    second = first + timedelta(hours=1)  # 2:30 winter time
    one, two = (window_of(m, Cadence.HOUR, BERLIN).utc for m in (first, second))
    assert one.end == two.start
    assert one != two


def test_the_repeated_hour_has_two_keys_and_an_order() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    one, two = (window_of(first + timedelta(hours=h), Cadence.HOUR, BERLIN) for h in (0, 1))
    assert one < two
    assert len({one, two}) == 2
    assert one.contains(first)
    assert not two.contains(first)
    # as Dagster names the partitions of an hourly definition
    assert one.key(Cadence.HOUR) == "2026-10-25-02:00"
    assert two.key(Cadence.HOUR) == "2026-10-25-02:00+0100"


def test_a_window_is_the_same_in_every_zone() -> None:
    window = window_of(datetime(2026, 7, 1, 12, tzinfo=UTC), Cadence.DAY, BERLIN)
    assert window == window.utc
    assert hash(window) == hash(window.utc)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("cadence", list(Cadence))
def test_windows_tile_time_without_gap_or_overlap(cadence: Cadence, zone: ZoneInfo) -> None:
    start = datetime(2025, 12, 30, 5, 17, tzinfo=UTC)
    length = timedelta(days=10 if cadence is Cadence.HOUR else 800)
    for begin in (start, datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)):
        windows = [w.utc for w in windows_between(begin, begin + length, cadence, zone)]
        assert windows[0].start <= begin < windows[0].end
        assert windows[-1].start < begin + length <= windows[-1].end
        assert all(a.end == b.start for a, b in itertools.pairwise(windows))
        for window in windows:
            last = window.end - timedelta(microseconds=1)
            assert window_of(window.start, cadence, zone).utc == window
            assert window_of(last, cadence, zone).utc == window


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("cadence", list(Cadence))
def test_previous_undoes_following(cadence: Cadence, zone: ZoneInfo) -> None:
    window = window_of(datetime(2026, 10, 26, 12, tzinfo=UTC), cadence, zone)
    at = window
    for _ in range(3):
        at = window_of(following(at.start, cadence), cadence, zone)
    assert previous(at, cadence, zone, count=3).utc == window.utc


def test_half_open() -> None:
    window = window_of(datetime(2026, 3, 4, 12, tzinfo=UTC), Cadence.DAY, UTC)
    assert window.contains(window.start)
    assert not window.contains(window.end)


def test_no_window_in_an_empty_period() -> None:
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    assert list(windows_between(moment, moment, Cadence.DAY, UTC)) == []


def test_a_window_without_time_zone_is_refused() -> None:
    with pytest.raises(ConfigError, match="needs a time zone"):
        Window(datetime(2026, 1, 1), datetime(2026, 1, 2))


def test_a_window_ends_after_it_starts() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ConfigError, match="must end after it starts"):
        Window(moment, moment)


def test_says_when_it_is() -> None:
    window = window_of(datetime(2026, 7, 1, 12, tzinfo=UTC), Cadence.DAY, BERLIN)
    assert str(window) == "2026-07-01 00:00 CEST to 2026-07-02 00:00 CEST"
