"""How instants are written in logs, and which raw values a window covers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import TimestampError

if TYPE_CHECKING:
    from datetime import tzinfo

    from monitoring_pipelines.domain.window import Window

Raw = datetime | date | int

# no zone's clock has ever been put forward or back by more than this in one step
CLOCK_CHANGE = timedelta(hours=3)


class TimestampKind(StrEnum):
    """Representation of an instant in a column."""

    AWARE = "timestamp with time zone"
    NAIVE = "timestamp"
    DATE = "date"
    TEXT = "text"
    SECONDS = "epoch seconds"
    MILLISECONDS = "epoch milliseconds"
    MICROSECONDS = "epoch microseconds"
    NANOSECONDS = "epoch nanoseconds"

    @property
    def per_second(self) -> int:
        """Units of an epoch in a second."""
        return {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000}.get(
            self.value.removeprefix("epoch "), 1_000_000_000
        )


_EPOCHS = (
    # a value of the given kind lies between the years 1990 and 2200
    TimestampKind.SECONDS,
    TimestampKind.MILLISECONDS,
    TimestampKind.MICROSECONDS,
    TimestampKind.NANOSECONDS,
)


def epoch_kind(value: float, column: str) -> TimestampKind:
    """Unit of an integer timestamp, by its size.

    >>> epoch_kind(1_767_225_600_000, "ts").value
    'epoch milliseconds'
    """
    low, high = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (1990, 2200))
    for kind in _EPOCHS:
        if low <= value / kind.per_second < high:
            return kind
    raise TimestampError(
        f"The numbers in column '{column}' are no epoch between the years 1990 and 2200, in "
        "seconds, milli-, micro- or nanoseconds. Give a column with a date and time."
    )


def raw_bounds(window: Window, kind: TimestampKind, zone: tzinfo) -> tuple[Raw, Raw] | None:
    """``low <= raw value < high`` holds for every row of `window`, so that files can be skipped.

    Exact for instants; for local times in a zone with clock changes a little wider, for dates
    by a day; None for text, which has no order of time.
    """
    if kind is TimestampKind.TEXT:
        return None
    if kind is TimestampKind.AWARE:
        return window.start.astimezone(UTC), window.end.astimezone(UTC)
    if kind in _EPOCHS:
        scale = kind.per_second
        low, high = (
            int(moment.timestamp()) * scale + moment.microsecond * scale // 1_000_000
            for moment in (window.start, window.end)
        )
        return low, high
    slack = CLOCK_CHANGE if not is_fixed(zone) else timedelta(0)
    start, end = (
        moment.astimezone(zone).replace(tzinfo=None) for moment in (window.start, window.end)
    )
    if kind is TimestampKind.DATE:
        return (start - slack).date(), (end + slack).date() + timedelta(days=1)
    return start - slack, end + slack


def is_fixed(zone: tzinfo) -> bool:
    """Whether local times of `zone` are instants in themselves: UTC."""
    return str(zone) in {"UTC", "Etc/UTC", "Z", "GMT"}
