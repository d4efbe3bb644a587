"""Spend logs of the LiteLLM gateway, as its table or an export of it holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.content import (
    arguments,
    describe_answer,
    describe_request,
    length,
)
from monitoring_pipelines.logs.llm.failure import error_class
from monitoring_pipelines.logs.llm.finish import unified
from monitoring_pipelines.logs.llm.form import form_of
from monitoring_pipelines.logs.llm.guardrail import Assessment, describe_guardrail
from monitoring_pipelines.logs.llm.messages import asked_in
from monitoring_pipelines.logs.llm.places import destinations
from monitoring_pipelines.logs.llm.records import Call, Found, ToolCall
from monitoring_pipelines.logs.llm.values import (
    between,
    count,
    flag,
    instant,
    mapping,
    number,
    path,
    sequence,
    text,
    total,
)

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_OPERATIONS = {
    "completion": "chat",
    "responses": "chat",
    "anthropic_messages": "chat",
    "generate_content": "generate_content",
    "text_completion": "text_completion",
    "embedding": "embeddings",
    "rerank": "rerank",
}
# of a guardrail: what was seen, and what was done
_GUARDRAIL = {
    "guardrail_flagged": "none",
    "guardrail_intervened": "blocked",
    "blocked": "blocked",
}
_UNCHECKED = {"not_run", "guardrail_failed_to_respond", "failure"}
_MISSING = (None, "", "{}", "[]")


def recognise(record: Record) -> bool:
    """Whether this is a row of the spend logs."""
    return "call_type" in record and "startTime" in record and "spend" in record


def read(record: Record, hashes: Hashes) -> Found:
    """One call; for a call of an MCP tool through the gateway, a tool call.

    `spend` is kept as the logged cost. `cache_hit` is a text that may be ``None``. Cached tokens
    are a part of the prompt's, unless they exceed them.
    """
    metadata = mapping(record.get("metadata"))
    tool = text(record.get("mcp_namespaced_tool_name"))
    call = _call(record, metadata, hashes)
    if tool is not None:
        return Found(tool_calls=[_tool(call, tool)])
    _describe_usage(call, record, mapping(metadata.get("usage_object")))
    _describe_guardrails(call, metadata.get("guardrail_information"))
    if record.get("messages") not in _MISSING:
        given = record["messages"]
        messages = sequence(given) or given
        describe_request(call, {"messages": messages}, hashes)
        call.input_chars = length(messages)
    call.form = form_of(mapping(record.get("proxy_server_request")))
    response = mapping(record.get("response"))
    found = Found(calls=[call])
    if response:
        choices = sequence(response.get("choices"))
        reasons = unified([path(choice, "finish_reason") for choice in choices])
        call.finish = reasons or call.finish
        describe_answer(call, [path(choice, "message", "content") for choice in choices], hashes)
        for name, args, id_ in asked_in(response):
            asked = ToolCall(call.id, call.timestamp, name, ord=len(found.tool_calls))
            asked.tool_call_id, asked.args_hash = id_, hashes.personal(args)
            asked.session_id, asked.destinations = call.session_id, destinations(args, hashes)
            asked.given, _ = arguments(args)
            found.tool_calls.append(asked)
        call.tools_called = len(found.tool_calls)
    return found


def _call(record: Record, metadata: Record, hashes: Hashes) -> Call:
    kind = str(record.get("call_type")).removeprefix("a")
    kind = "anthropic_messages" if kind == "nthropic_messages" else kind
    start, end = instant(record.get("startTime")), instant(record.get("endTime"))
    failure = mapping(metadata.get("error_information"))
    failed = record.get("status") == "failure" or bool(failure)
    http = count(failure.get("error_code"))
    call = Call(
        id=text(record.get("request_id")) or text(record.get("litellm_call_id")) or "",
        timestamp=start,
        operation=_OPERATIONS.get(kind, kind),
        provider=text(record.get("custom_llm_provider")),
        model_requested=text(record.get("model_group")) or text(record.get("model")),
        model=text(record.get("model")),
        status="error" if failed else "ok",
        http_status=http,
        error_class=error_class(failure.get("error_class"), http) if failed else None,
        finish="error" if failed else None,
        logged_cost_usd=number(record.get("spend")),
        latency_ms=number(record.get("request_duration_ms")) or between(start, end),
        principal=hashes.personal(text(record.get("user"))),
        end_user=hashes.personal(text(record.get("end_user"))),
        # a hash already, and what budgets and alerts are set on
        api_key=text(record.get("api_key")),
        ip=hashes.personal(text(record.get("requester_ip_address"))),
        user_agent=text(metadata.get("user_agent")),
        session_id=text(record.get("session_id")),
        agent=text(record.get("agent_id")),
        retries=total(
            count(metadata.get("attempted_retries")), count(metadata.get("attempted_fallbacks"))
        ),
        cache_hit=flag(record.get("cache_hit")),
    )
    first = instant(record.get("completionStartTime"))
    # of an answer that was not streamed, the first token is its end
    if first is not None and end is not None and first < end:
        call.ttft_ms, call.streaming = between(start, first), True
    return call


def _describe_usage(call: Call, record: Record, usage: Record) -> None:
    call.input_tokens = count(record.get("prompt_tokens"))
    call.output_tokens = count(record.get("completion_tokens"))
    read = count(usage.get("cache_read_input_tokens"))
    if read is None:
        read = count(path(usage, "prompt_tokens_details", "cached_tokens"))
    write = count(usage.get("cache_creation_input_tokens"))
    call.cache_read_tokens, call.cache_write_tokens = read, write
    call.reasoning_tokens = count(path(usage, "completion_tokens_details", "reasoning_tokens"))
    cached = total(read, write) or 0
    if call.input_tokens is not None and cached > call.input_tokens:
        call.input_tokens += cached
        call.note("cached_tokens_added")


def _describe_guardrails(call: Call, information: Any) -> None:
    found = information if isinstance(information, list) else [information]
    words = [str(path(one, "guardrail_status")) for one in found if isinstance(one, dict)]
    if any(word not in _UNCHECKED for word in words):
        # names of guardrails are the operator's own words, so there is no category
        seen = [Assessment("guardrail", _GUARDRAIL[word]) for word in words if word in _GUARDRAIL]
        describe_guardrail(call, seen)
    if any(word in _UNCHECKED for word in words):
        call.note("guardrail_not_run")


def _tool(call: Call, name: str) -> ToolCall:
    return ToolCall(
        call_id=call.id,
        timestamp=call.timestamp,
        tool=name,
        executed=True,
        ok=call.status == "ok",
        error_class=call.error_class,
        latency_ms=call.latency_ms,
        session_id=call.session_id,
        agent=call.agent,
    )


register(LogFormat(name="litellm", recognise=recognise, read=read))
