"""How instants are written, and which raw values a window covers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitoring_pipelines.domain.timestamps import TimestampKind, epoch_kind, raw_bounds
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.errors import TimestampError

BERLIN = ZoneInfo("Europe/Berlin")
DAY = Window(datetime(2026, 11, 5, tzinfo=BERLIN), datetime(2026, 11, 6, tzinfo=BERLIN))
SECONDS = 1_793_833_200  # date -d 2026-11-05T00:00:00+01:00 +%s


@pytest.mark.parametrize("exponent", [0, 3, 6, 9])
def test_the_unit_of_an_epoch_shows_in_its_size(exponent: int) -> None:
    kind = epoch_kind(SECONDS * 10**exponent, "at")
    assert kind.per_second == 10**exponent


@pytest.mark.parametrize("value", [2016, 20261105, -1, 0])
def test_a_year_or_a_packed_date_is_no_epoch(value: int) -> None:
    with pytest.raises(TimestampError, match="column 'year' are no epoch"):
        epoch_kind(value, "year")


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        (
            TimestampKind.AWARE,
            datetime(2026, 11, 4, 23, tzinfo=UTC),
            datetime(2026, 11, 5, 23, tzinfo=UTC),
        ),
        (TimestampKind.SECONDS, SECONDS, SECONDS + 86_400),
        (TimestampKind.NANOSECONDS, SECONDS * 10**9, (SECONDS + 86_400) * 10**9),
        # a zone with clock changes: wider by more than any change, cut exactly by the engine
        (TimestampKind.NAIVE, datetime(2026, 11, 4, 21), datetime(2026, 11, 6, 3)),
        (TimestampKind.DATE, date(2026, 11, 4), date(2026, 11, 7)),
    ],
)
def test_bounds_hold_every_row_of_the_window(
    kind: TimestampKind, low: object, high: object
) -> None:
    assert raw_bounds(DAY, kind, BERLIN) == (low, high)


def test_local_times_in_utc_are_bounded_exactly() -> None:
    window = Window(DAY.start.astimezone(UTC), DAY.end.astimezone(UTC))
    low, high = raw_bounds(window, TimestampKind.NAIVE, ZoneInfo("UTC")) or (None, None)
    assert (low, high) == (datetime(2026, 11, 4, 23), datetime(2026, 11, 5, 23))


def test_text_has_no_order_of_time() -> None:
    assert raw_bounds(DAY, TimestampKind.TEXT, BERLIN) is None


def test_a_window_of_a_fraction_of_a_second_keeps_it() -> None:
    start = datetime(2026, 11, 5, 0, 0, 0, 500_000, tzinfo=UTC)
    window = Window(start, start + timedelta(seconds=1))
    low, _ = raw_bounds(window, TimestampKind.MILLISECONDS, UTC) or (0, 0)
    assert low == int(start.timestamp()) * 1000 + 500
