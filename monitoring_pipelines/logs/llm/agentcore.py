"""Logs of Amazon Bedrock AgentCore: invocations of a runtime, and what its gateway did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.records import Event, Found
from monitoring_pipelines.logs.llm.values import flag, instant, mapping, path, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record


def recognise(record: Record) -> bool:
    """Whether this is a log of a runtime or gateway."""
    return "resource_arn" in record and "event_timestamp" in record and "body" in record


def read(record: Record, hashes: Hashes) -> Found:
    """One event; tokens and tools of an invocation are in its spans, not here."""
    body = mapping(record.get("body"))
    failed = flag(body.get("isError"))
    gateway = "log" in body or "isError" in body
    session = record.get("session_id") or path(record, "attributes", "session.id")
    event = Event(
        id=text(record.get("request_id"))
        or text(body.get("id"))
        or text(record.get("span_id"))
        or "",
        timestamp=instant(record.get("event_timestamp")),
        kind="gateway" if gateway else "invocation",
        actor=hashes.personal(text(path(body, "request_payload", "actor_id"))),
        resource=text(record.get("operation")),
        status=None if failed is None else "error" if failed else "ok",
        session_id=text(session),
        trace_id=text(record.get("trace_id")),
    )
    return Found(events=[event])


register(LogFormat(name="agentcore", recognise=recognise, read=read))
