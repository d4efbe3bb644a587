"""Hours in which only critical trouble calls people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until before `end`, every day; over midnight if `end` is not later."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Hours as they are written.

        >>> QuietHours.parse("20:00-08:00")
        QuietHours(start=datetime.time(20, 0), end=datetime.time(8, 0))
        """
        clock = r"([01]\d|2[0-3]):([0-5]\d)"
        match = re.fullmatch(rf"\s*{clock}\s*-\s*{clock}\s*", text)
        if match is None:
            raise ConfigError(f"'{text}' are no hours; write 20:00-08:00.")
        hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
        start, end = time(hour, minute), time(end_hour, end_minute)
        if start == end:
            raise ConfigError(f"'{text}' is the whole day; nobody would ever be told.")
        return cls(start, end)

    def until(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet hours end that `now` is in; None if it is in none."""
        local = now.astimezone(zone)
        clock = local.time()
        over_midnight = self.end < self.start
        if over_midnight:
            if self.end <= clock < self.start:
                return None
        elif not self.start <= clock < self.end:
            return None
        day = local.date() + timedelta(days=1 if over_midnight and clock >= self.start else 0)
        return datetime.combine(day, self.end, zone).astimezone(now.tzinfo)
