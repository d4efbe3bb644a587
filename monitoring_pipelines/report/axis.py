"""Where a value and a moment stand, and which of them are named."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, tzinfo

HEADROOM = 0.08
N_TICKS = 4


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps ``[low, high]`` to ``[first, last]`` in a drawing."""

    low: float
    high: float
    first: float
    last: float

    @classmethod
    def over(cls, values: Iterable[float], first: float, last: float) -> Axis:
        """One that shows all `values`, with some room; of none from 0 to 1."""
        known = [value for value in values if math.isfinite(value)]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        room = (high - low) * HEADROOM or abs(high) * HEADROOM or 1.0
        # nothing below zero is drawn of what is never below it
        return cls(max(low - room, 0.0) if low >= 0 else low - room, high + room, first, last)

    def at(self, value: float) -> float:
        """Where `value` stands.

        >>> Axis(0, 10, 100, 0).at(2.5)
        75.0
        """
        part = (value - self.low) / (self.high - self.low)
        return self.first + part * (self.last - self.first)

    def ticks(self) -> list[float]:
        """Round numbers, about four of them.

        >>> Axis(0.79, 0.92, 0, 1).ticks()
        [0.8, 0.85, 0.9]
        """
        raw = (self.high - self.low) / N_TICKS
        unit = 10.0 ** math.floor(math.log10(raw))
        step = next(unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= raw * (1 - 1e-9))
        steps = range(math.ceil(self.low / step), math.floor(self.high / step) + 1)
        return [float(f"{number * step:.12g}") for number in steps]


def spread(n: int, most: int) -> list[int]:
    """Up to `most` of ``range(n)``, evenly spread, the last one among them.

    >>> spread(10, 3), spread(2, 5), spread(0, 3)
    ([1, 5, 9], [0, 1], [])
    """
    every = max(1, math.ceil(n / most))
    return sorted(range(n - 1, -1, -every))


def dates(moments: Sequence[datetime], zone: tzinfo) -> list[str]:
    """Short names of moments: hours if they are of two days at most, else days.

    >>> from datetime import UTC, datetime
    >>> dates([datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)], UTC)
    ['2026-03-01', '2026-04-01']
    """
    if not moments:
        return []
    is_short = (max(moments) - min(moments)).total_seconds() <= 2 * 86_400
    is_hourly = is_short and any(moment.astimezone(zone).hour for moment in moments)
    form = "%m-%d %H:%M" if is_hourly else "%Y-%m-%d"
    return [moment.astimezone(zone).strftime(form) for moment in moments]
