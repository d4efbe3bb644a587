"""Spans as Jaeger's interface and its user interface's download give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.records import Found
from monitoring_pipelines.logs.llm.scores import without_scores
from monitoring_pipelines.logs.llm.spans import RawSpan, hex_id, read_span
from monitoring_pipelines.logs.llm.values import count, path, sequence, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record


def recognise(record: Record) -> bool:
    """Whether this is a trace, or an answer with a list of them."""
    first = record
    if "traceID" not in record and isinstance(record.get("data"), list):
        first = next((one for one in record["data"] if isinstance(one, dict)), {})
    return "traceID" in first and isinstance(first.get("spans"), list)


def read(record: Record, hashes: Hashes) -> Found:
    """Rows of all spans of all traces."""
    found = Found()
    for trace in [record] if "traceID" in record else record["data"]:
        for span in sequence(path(trace, "spans")):
            if isinstance(span, dict):
                read_span(_raw(span), found, hashes)
    return found


def _raw(span: Record) -> RawSpan:
    logs = (_tags(path(log, "fields")) for log in sequence(span.get("logs")))
    attributes, evaluations = without_scores(logs)
    attributes |= _tags(span.get("tags"))
    start, duration = count(span.get("startTime")), count(span.get("duration"))
    failed = attributes.get("error") in (True, "true")
    status = str(attributes.get("otel.status_code", "")).lower()
    parents = [
        reference
        for reference in sequence(span.get("references"))
        if path(reference, "refType") == "CHILD_OF"
    ]
    return RawSpan(
        trace_id=hex_id(span.get("traceID")),
        span_id=hex_id(span.get("spanID")),
        parent_id=hex_id(path(parents[0], "spanID")) if parents else None,
        name=text(span.get("operationName")) or "",
        start=start,
        end=None if start is None or duration is None else start + duration,
        status="error" if failed or status == "error" else None,
        attributes=attributes,
        evaluations=evaluations,
    )


def _tags(tags: Any) -> dict[str, Any]:
    return {
        str(tag.get("key")): tag.get("value") for tag in sequence(tags) if isinstance(tag, dict)
    }


register(LogFormat(name="jaeger", recognise=recognise, read=read))
