"""Spans as OTLP/JSON, one document or one per line, and as Tempo exports them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.records import Found
from monitoring_pipelines.logs.llm.scores import without_scores
from monitoring_pipelines.logs.llm.spans import RawSpan, hex_id, read_span
from monitoring_pipelines.logs.llm.values import count, number, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_RESOURCES = ("resourceSpans", "resource_spans", "batches")
_SCOPES = ("scopeSpans", "scope_spans", "instrumentationLibrarySpans")
_STATUS = {"1": "ok", "STATUS_CODE_OK": "ok", "2": "error", "STATUS_CODE_ERROR": "error"}
_NANOSECONDS = 1000


def recognise(record: Record) -> bool:
    """Whether this is an export of spans."""
    return any(isinstance(record.get(key), list) for key in _RESOURCES)


def read(record: Record, hashes: Hashes) -> Found:
    """Rows of all spans of the document."""
    found = Found()
    for resource in _listed(record, _RESOURCES):
        for scope in _listed(resource, _SCOPES):
            for span in _listed(scope, ("spans",)):
                read_span(_raw(span), found, hashes)
    return found


def _listed(record: Record, names: tuple[str, ...]) -> Iterator[Record]:
    for name in names:
        for one in sequence(record.get(name)):
            if isinstance(one, dict):
                yield one


def _raw(span: Record) -> RawSpan:
    events = (plain(event.get("attributes")) for event in _listed(span, ("events",)))
    attributes, evaluations = without_scores(events)
    attributes |= plain(span.get("attributes"))
    status = span.get("status")
    code = status.get("code") if isinstance(status, dict) else None
    return RawSpan(
        trace_id=hex_id(span.get("traceId", span.get("trace_id"))),
        span_id=hex_id(span.get("spanId", span.get("span_id"))),
        parent_id=hex_id(span.get("parentSpanId", span.get("parent_span_id"))) or None,
        name=text(span.get("name")) or "",
        start=_micros(span.get("startTimeUnixNano", span.get("start_time_unix_nano"))),
        end=_micros(span.get("endTimeUnixNano", span.get("end_time_unix_nano"))),
        status=_STATUS.get(str(code)),
        attributes=attributes,
        evaluations=evaluations,
    )


def plain(attributes: Any) -> dict[str, Any]:
    """Give attributes as a dictionary: ``[{key, value: {intValue: "3"}}]`` gives ``{key: 3}``.

    >>> plain([{"key": "n", "value": {"intValue": "3"}}, {"key": "d", "value": {"doubleValue": 3}}])
    {'n': 3, 'd': 3.0}
    """
    return {
        str(one.get("key")): _value(one.get("value"))
        for one in sequence(attributes)
        if isinstance(one, dict)
    }


def _value(value: Any) -> Any:
    if not isinstance(value, dict) or len(value) != 1:
        return value
    kind, inner = next(iter(value.items()))
    if kind in {"intValue", "int_value"}:
        return count(inner) if count(inner) is not None else inner
    if kind in {"doubleValue", "double_value"}:
        return number(inner)
    if kind in {"arrayValue", "array_value"} and isinstance(inner, dict):
        return [_value(one) for one in sequence(inner.get("values"))]
    if kind in {"kvlistValue", "kvlist_value"} and isinstance(inner, dict):
        return plain(inner.get("values"))
    return inner


def _micros(value: Any) -> int | None:
    """Microseconds of nanoseconds, which come as text, or as a number that lost its last digits."""
    if isinstance(value, str) and value.isdecimal():
        return int(value) // _NANOSECONDS
    nanos = number(value)
    return int(value) // _NANOSECONDS if nanos else None


register(LogFormat(name="otlp", recognise=recognise, read=read))
