"""Base of every configuration section: frozen, complete, and helpful about misspelt keys."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from monitoring_pipelines.errors import ConfigError, suggestion

DATE_LENGTH = len("2026-01-31")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Section(BaseModel):
    """A part of the YAML. An unknown key is refused with the likely one."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="wrap")
    @classmethod
    def _suggest_keys(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            section = handler(data)
            section.check()
        except ConfigError as error:
            # not as a ValueError, whose sentence pydantic would begin with "Value error, "
            raise PydanticCustomError("monitoring", "{reason}", {"reason": str(error)}) from error
        except ValidationError as error:
            # the location is kept, so that Dagster finds the line of the key in the YAML file
            raise ValidationError.from_exception_data(
                error.title, [cls._explained(line) for line in error.errors()]
            ) from None
        return section

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can; raises a `ConfigError`."""

    @classmethod
    def _explained(cls, line: Any) -> InitErrorDetails:
        message = str(line["msg"]).removeprefix("Value error, ")
        # an error of a nested section was explained there; here only this section's own keys
        if line["type"] == "extra_forbidden" and len(line["loc"]) == 1:
            key = str(line["loc"][0])
            message = f"Unknown key '{key}'. {suggestion(key, cls.model_fields)}"
        kind = PydanticCustomError("monitoring", "{reason}", {"reason": message})
        return InitErrorDetails(type=kind, loc=line["loc"], input=line["input"])


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and value.startswith("P"):  # ISO 8601, as pydantic writes it
        return value
    # a bare number is refused: seconds, or days?
    match = re.fullmatch(r"\s*(\d+)\s*([mhdw])\s*", str(value))
    if not match:
        raise ConfigError(f"'{value}' is not a duration; write 90m, 12h, 30d or 2w.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _moment(value: Any) -> Any:
    """Read dates and times alike from YAML (text or date) and from Python."""
    if isinstance(value, date):
        return value
    try:
        text = str(value).strip()
        return (
            date.fromisoformat(text) if len(text) == DATE_LENGTH else datetime.fromisoformat(text)
        )
    except ValueError:
        raise ConfigError(f"'{value}' is no date; write 2026-01-31 or 2026-01-31T09:00.") from None


Moment = Annotated[datetime | date, BeforeValidator(_moment)]
"""A day, or a time."""

Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""A time span, written as 90m, 12h, 30d or 2w."""
