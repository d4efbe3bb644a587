"""The day that the path of a file names, for records that tell no time themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

# of calls whose time says no more than the day of their batch
NOTE = "day_of_path"
# what a first look tries, the plainest first
USUAL = ("%Y-%m-%d", "year=%Y/month=%m/day=%d", "%Y/%m/%d", "%Y_%m_%d", "%Y%m%d")
_NAMES = {"%Y": "year", "%m": "month", "%d": "day", "%H": "hour"}


@dataclass(frozen=True, slots=True)
class PathDate:
    """A pattern such as ``date=%Y-%m-%d``, with `%H` where batches are hourly.

    Months, days and hours may have one digit where no other number stands beside them.

    Raises
    ------
    ConfigError
        If the pattern names no full day, or something else than a day and an hour.
    """

    pattern: str
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        parts = re.findall(r"%.?", self.pattern)
        needed = {"%Y", "%m", "%d"}
        if not needed <= {*parts} or not {*parts} <= {*_NAMES} or len({*parts}) < len(parts):
            raise ConfigError(
                f"'{self.pattern}' names no day: write %Y, %m and %d (and %H) once each, "
                "such as date=%Y-%m-%d."
            )

    @property
    def is_hourly(self) -> bool:
        """Whether it names an hour, too."""
        return "%H" in self.pattern

    def of(self, path: str) -> datetime | None:
        """When the day (or hour) began that `path` names last; None if it names none.

        >>> PathDate("date=%Y-%m-%d").of("runs/date=2026-01-31/7.traj").isoformat()
        '2026-01-31T00:00:00+00:00'
        """
        found = None
        for match in re.finditer(self._expression, path):
            numbers = {name: int(value) for name, value in match.groupdict().items()}
            try:
                day = datetime(numbers["year"], numbers["month"], numbers["day"], tzinfo=self.zone)
                found = day.replace(hour=numbers.get("hour", 0))
            except ValueError:  # such as a 13th month
                continue
        return found

    @property
    def _expression(self) -> str:
        """The pattern as a regular expression that finds no part of a longer number."""
        parts = re.split(r"(%[YmdH])", self.pattern)
        written = []
        for at, part in enumerate(parts):
            if at % 2 == 0:
                written.append(re.escape(part))
                continue
            alone = all(
                parts[beside] or not 0 < beside < len(parts) - 1 for beside in (at - 1, at + 1)
            )
            digits = r"\d{4}" if part == "%Y" else r"\d{1,2}" if alone else r"\d{2}"
            written.append(f"(?P<{_NAMES[part]}>{digits})")
        return rf"(?<!\d){''.join(written)}(?!\d)"


def usual_pattern(paths: Iterable[str]) -> str | None:
    """The first of the usual patterns by which every path names a day; None of no paths."""
    named = [*paths]
    fitting = (p for p in USUAL if named and all(PathDate(p).of(path) for path in named))
    return next(fitting, None)
