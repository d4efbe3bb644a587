"""Wrappings that services put around the records of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.errors import RecordError
from monitoring_pipelines.logs.llm.values import mapping, sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.logs.llm.records import Record

_DEPTH = 6
_CLOUDWATCH = {"ingestionTime", "eventId", "logStreamName", "@timestamp", "@ptr"}


def unwrapped(value: Any, depth: int = 0) -> Iterator[Record]:
    """Records in a decoded value: a list, ``records``, CloudWatch's events, or itself.

    Raises
    ------
    RecordError
        If something in it is no object.
    """
    if isinstance(value, list) and depth < _DEPTH:
        for one in value:
            yield from unwrapped(one, depth + 1)
    elif not isinstance(value, dict):
        raise RecordError("a JSON value that is no object")
    elif depth < _DEPTH and (inner := _inner(value)) is not None:
        yield from unwrapped(inner, depth + 1)
    else:
        yield value


def _inner(value: Record) -> list[Any] | Record | None:
    for name in ("records", "Records"):
        if isinstance(value.get(name), list):
            return list(value[name])
    if value.get("object") == "list" and isinstance(value.get("data"), list):
        return list(value["data"])
    if "logEvents" in value:
        # a CONTROL_MESSAGE only asks whether anybody listens
        control = value.get("messageType") == "CONTROL_MESSAGE"
        return [] if control else sequence(value["logEvents"])
    message = value.get("@message", value.get("message"))
    if isinstance(message, str) and (
        {"id", "timestamp"} == value.keys() - {"message"} or _CLOUDWATCH & value.keys()
    ):
        return mapping(message) or None
    return None
