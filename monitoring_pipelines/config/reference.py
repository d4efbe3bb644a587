"""What a window is compared with."""

from datetime import date, datetime

from pydantic import Field

from monitoring_pipelines.config.section import Moment, Section
from monitoring_pipelines.errors import ConfigError


class Reference(Section):
    """Exactly one of: a period, a file, the last windows, the same weekdays, the version before."""

    start: Moment | None = None
    """First day of a fixed reference period."""
    end: Moment | None = None
    """End of the period; that day itself is not part of it."""
    location: str | None = None
    """A file in the prediction log's format; its label column is used if it has one."""
    rolling: int | None = Field(default=None, ge=1, le=366)
    """The last so many windows before the one that is judged."""
    same_weekday: int | None = Field(default=None, ge=1, le=53)
    """The windows of the same weekday (and hour) in the last so many weeks."""

    previous_version: bool = False
    """The last 28 windows of the model version that served before the present one."""

    @property
    def moves(self) -> bool:
        """Whether the reference is made of earlier windows."""
        given = self.rolling is not None or self.same_weekday is not None
        return given or self.previous_version

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        period = self.start is not None or self.end is not None
        policies = [period, self.location is not None, self.rolling is not None]
        if sum([*policies, self.same_weekday is not None, self.previous_version]) != 1:
            raise ConfigError(
                "A reference is exactly one of {start, end}, {location}, {rolling}, "
                "{same_weekday} or {previous_version: true}."
            )
        if period and (self.start is None or self.end is None):
            raise ConfigError("A reference period needs both `start` and `end`.")
        if self.start and self.end and _plain(self.start) >= _plain(self.end):
            raise ConfigError(f"The reference ends ({self.end}) before it starts ({self.start}).")


def _plain(moment: datetime | date) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - only compared
