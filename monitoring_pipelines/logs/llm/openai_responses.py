"""OpenAI responses: an answer in several items, without a finish reason of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.content import describe_answer, describe_request
from monitoring_pipelines.logs.llm.content_filter import describe_filter
from monitoring_pipelines.logs.llm.finish import unified
from monitoring_pipelines.logs.llm.openai_chat import asked_tool, provider
from monitoring_pipelines.logs.llm.records import Call, Found
from monitoring_pipelines.logs.llm.values import between, count, instant, path, sequence, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_FAILED = {"failed", "cancelled"}


def recognise(record: Record) -> bool:
    """Whether this is a response."""
    return record.get("object") == "response" and "output" in record


def read(record: Record, hashes: Hashes) -> Found:
    """One call, and the functions that the model asked for.

    The finish reason is derived: the reason why it is incomplete, else a refusal in the answer,
    else a function to be called, else ``stop``.
    """
    state = str(record.get("status"))
    created = instant(record.get("created_at"))
    call = Call(
        id=text(record.get("id")) or "",
        timestamp=created,
        provider=provider(record) or "openai",
        model=text(record.get("model")),
        status="error" if state in _FAILED else "ok",
        error_class=text(path(record, "error", "code")),
        latency_ms=between(created, instant(record.get("completed_at"))),
        fingerprint=text(record.get("system_fingerprint")),
        tier=text(record.get("service_tier")),
        session_id=text(path(record, "conversation", "id")),
        prompt_name=text(path(record, "prompt", "id")),
        prompt_version=text(path(record, "prompt", "version")),
    )
    usage = record.get("usage")
    call.input_tokens = count(path(usage, "input_tokens"))
    call.output_tokens = count(path(usage, "output_tokens"))
    call.cache_read_tokens = count(path(usage, "input_tokens_details", "cached_tokens"))
    call.cache_write_tokens = count(path(usage, "input_tokens_details", "cache_write_tokens"))
    call.reasoning_tokens = count(path(usage, "output_tokens_details", "reasoning_tokens"))
    # instructions and tools of the request are repeated in the answer
    describe_request(call, {**record, "model": None}, hashes)
    call.input_chars = None
    items = [item for item in sequence(record.get("output")) if isinstance(item, dict)]
    parts = [part for item in items for part in sequence(item.get("content"))]
    describe_answer(call, parts, hashes)
    describe_filter(call, record)
    call.refusal = any(path(part, "type") == "refusal" for part in parts)
    found = Found(calls=[call])
    for item in items:
        if str(item.get("type")).endswith("_call"):
            # hosted tools (web_search_call, mcp_call ...) carry no name of a function
            tool = item if item.get("name") else {**item, "name": str(item["type"])[:-5]}
            found.tool_calls += asked_tool(call, len(found.tool_calls), tool, hashes)
    call.tools_called = len(found.tool_calls)
    call.finish = _finish(
        record, call, functions=any(i.get("type") == "function_call" for i in items)
    )
    return found


def _finish(record: Record, call: Call, *, functions: bool) -> str | None:
    if call.status == "error":
        return "error"
    if record.get("status") == "incomplete":
        return unified(path(record, "incomplete_details", "reason")) or "unknown"
    if record.get("status") in {"queued", "in_progress"}:
        return None
    if call.refusal:
        return "refusal"
    return "tool_calls" if functions else "stop"


register(LogFormat(name="openai_responses", recognise=recognise, read=read))
