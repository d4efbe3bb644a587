"""Spans one by one with flat attributes, as CloudWatch keeps them (``aws/spans``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.records import Found
from monitoring_pipelines.logs.llm.scores import without_scores
from monitoring_pipelines.logs.llm.spans import RawSpan, hex_id, read_span
from monitoring_pipelines.logs.llm.values import count, mapping, path, sequence, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_NANOSECONDS = 1000


def recognise(record: Record) -> bool:
    """Whether this is one span."""
    return "traceId" in record and "spanId" in record and "startTimeUnixNano" in record


def read(record: Record, hashes: Hashes) -> Found:
    """Rows of the span; the status is a text here, and the duration may stand for the end."""
    events = (mapping(path(event, "attributes")) for event in sequence(record.get("events")))
    attributes, evaluations = without_scores(events)
    attributes |= mapping(record.get("attributes"))
    start, end = (_nanos(record.get(key)) for key in ("startTimeUnixNano", "endTimeUnixNano"))
    duration = count(record.get("durationNano"))
    if end is None and start is not None and duration is not None:
        end = start + duration
    code = str(path(record, "status", "code")).upper().removeprefix("STATUS_CODE_")
    raw = RawSpan(
        trace_id=hex_id(record["traceId"]),
        span_id=hex_id(record["spanId"]),
        parent_id=hex_id(record.get("parentSpanId")) or None,
        name=text(record.get("name")) or "",
        start=None if start is None else start // _NANOSECONDS,
        end=None if end is None else end // _NANOSECONDS,
        status="error" if code in {"ERROR", "2"} else None,
        attributes=attributes,
        evaluations=evaluations,
    )
    found = Found()
    read_span(raw, found, hashes)
    return found


def _nanos(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return int(value) if isinstance(value, int | float) else None


register(LogFormat(name="span_rows", recognise=recognise, read=read))
