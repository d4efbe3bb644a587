"""Base of every configuration section: frozen, complete, and helpful about misspelt keys."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails

from monitoring_pipelines.errors import ConfigError, suggestion

DATE_LENGTH = len("2026-01-31")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _for_readers(schema: dict[str, Any]) -> None:
    """Let `dg check yaml`, which knows only this schema, say what is wrong and what exists.

    It reports a section that may be left out as "not valid under any of the given schemas";
    without the alternative of a null it names the key inside.
    """
    properties = schema.get("properties", {})
    schema["propertyNames"] = {"enum": list(properties)}
    for place in properties.values():
        choices = [one for one in place.get("anyOf", []) if one != {"type": "null"}]
        if len(choices) == 1:
            del place["anyOf"]
            place.update(choices[0])


def with_short_form(*kinds: str) -> ConfigDict:
    """Configuration of a section that may also be written as a value of another JSON type."""

    def extend(schema: dict[str, Any]) -> None:
        _for_readers(schema)
        # what is said of keys concerns an object only, so a misspelt one is told as ever
        schema["type"] = ["object", *kinds]

    return ConfigDict(json_schema_extra=extend)


class Section(BaseModel):
    """A part of the YAML. An unknown key is refused with the likely one."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, json_schema_extra=_for_readers
    )

    @model_validator(mode="wrap")
    @classmethod
    def _suggest_keys(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            section = handler(data)
            section.check()
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
        # a kind of pydantic's own: Dagster rebuilds the error by it, to add file and line
        return InitErrorDetails(
            type="value_error",
            loc=line["loc"],
            input="(not shown)" if "://" in str(line["input"]) else line["input"],  # a password
            ctx={"error": ConfigError(message)},
        )


def duration(value: Any) -> Any:
    """Understand a time span as it is written; raises a `ConfigError`."""
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

Duration = Annotated[timedelta, BeforeValidator(duration)]
"""A time span, written as 90m, 12h, 30d or 2w."""


def instant(moment: datetime | date, zone: ZoneInfo) -> datetime:
    """Midnight of a date, or a time, in `zone` unless it names its own."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone)
