"""Windows of prediction time: half-open, in the model's time zone, named as Dagster names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import total_ordering
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo


class Cadence(StrEnum):
    """Length of a window. A week starts on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def key_format(self) -> str:
        """`strftime` format of a window's key, the same as of Dagster's partitions."""
        return {"hour": "%Y-%m-%d-%H:%M", "year": "%Y"}.get(self.value, "%Y-%m-%d")


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The predictions made in ``[start, end)``; both ends know their time zone.

    Moments are compared as instants: Python compares two datetimes of one zone by the clock on the
    wall, which shows the same in both hours of a repeated one.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ConfigError("A window needs a time zone.")
        if self._instants[0] >= self._instants[1]:
            raise ConfigError(f"A window must end after it starts, not {self.start} to {self.end}.")

    @property
    def utc(self) -> Window:
        """The same window in UTC, as it is stored."""
        return Window(self.start.astimezone(UTC), self.end.astimezone(UTC))

    def contains(self, moment: datetime) -> bool:
        """Whether `moment` lies in ``[start, end)``."""
        start, end = self._instants
        return start <= moment.timestamp() < end

    def key(self, cadence: Cadence) -> str:
        """Partition key of this window in its own time zone.

        The second of two hours that the clock shows alike also names its offset.
        """
        repeated = self.start.fold and cadence is Cadence.HOUR
        changed = self.start.replace(fold=0).utcoffset() != self.start.utcoffset()
        return self.start.strftime(cadence.key_format + ("%z" if repeated and changed else ""))

    @property
    def _instants(self) -> tuple[float, float]:
        return self.start.timestamp(), self.end.timestamp()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Window) and self._instants == other._instants

    def __lt__(self, other: Window) -> bool:
        return self._instants < other._instants

    def __hash__(self) -> int:
        return hash(self._instants)

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M %Z} to {self.end:%Y-%m-%d %H:%M %Z}"


def floor(moment: datetime, cadence: Cadence, zone: tzinfo) -> datetime:
    """Start of the window that holds `moment`.

    >>> from zoneinfo import ZoneInfo
    >>> noon = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
    >>> floor(noon, Cadence.WEEK, ZoneInfo("Europe/Berlin")).isoformat()
    '2026-11-23T00:00:00+01:00'
    """
    if cadence is Cadence.HOUR:
        # in UTC, so that the repeated hour of a clock change is two windows; zones whose offset
        # is not a whole number of hours still start on their own full hour
        local = moment.astimezone(zone)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (moment.astimezone(UTC) - into).astimezone(zone)
    day = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if cadence is Cadence.WEEK:
        return day - timedelta(days=day.weekday())
    if cadence is Cadence.MONTH:
        return day.replace(day=1)
    if cadence is Cadence.YEAR:
        return day.replace(month=1, day=1)
    return day


def following(start: datetime, cadence: Cadence) -> datetime:
    """Start of the window after the one that starts at `start`."""
    if cadence is Cadence.HOUR:
        return (start.astimezone(UTC) + timedelta(hours=1)).astimezone(start.tzinfo)
    if cadence is Cadence.MONTH:
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    if cadence is Cadence.YEAR:
        return start.replace(year=start.year + 1)
    return start + timedelta(days=7 if cadence is Cadence.WEEK else 1)


def window_of(moment: datetime, cadence: Cadence, zone: tzinfo) -> Window:
    """The window that holds `moment`."""
    start = floor(moment, cadence, zone)
    return Window(start, following(start, cadence))


def windows_between(
    start: datetime, end: datetime, cadence: Cadence, zone: tzinfo
) -> Iterator[Window]:
    """Every window that starts in ``[start, end)``, oldest first.

    A `start` inside a window gives that whole window, since half a window is not comparable.
    """
    at = floor(start, cadence, zone)
    while at.timestamp() < end.timestamp():
        upper = following(at, cadence)
        yield Window(at, upper)
        at = upper


def previous(window: Window, cadence: Cadence, zone: tzinfo, count: int = 1) -> Window:
    """The window `count` steps before `window`."""
    for _ in range(count):
        window = window_of(window.start - timedelta(microseconds=1), cadence, zone)
    return window
