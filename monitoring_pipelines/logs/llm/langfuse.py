"""Traces that were downloaded from Langfuse, and the observations of its daily exports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.content import arguments, length
from monitoring_pipelines.logs.llm.findings import spoken
from monitoring_pipelines.logs.llm.finish import unified
from monitoring_pipelines.logs.llm.form import form_in
from monitoring_pipelines.logs.llm.messages import asked_in
from monitoring_pipelines.logs.llm.places import describe_places, destinations, places
from monitoring_pipelines.logs.llm.records import Call, Found, Span, ToolCall
from monitoring_pipelines.logs.llm.retrieval import describe_documents, documents_in
from monitoring_pipelines.logs.llm.scores import langfuse_scores
from monitoring_pipelines.logs.llm.topic import asked
from monitoring_pipelines.logs.llm.values import (
    between,
    count,
    decoded,
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

_MODELS = {"GENERATION": "chat", "EMBEDDING": "embeddings"}
_TYPES = {
    *_MODELS,
    "SPAN",
    "EVENT",
    "AGENT",
    "TOOL",
    "CHAIN",
    "RETRIEVER",
    "EVALUATOR",
    "GUARDRAIL",
}
# of an answer that is a message, or has some
_MESSAGE = {"role", "choices"}
_READ = (
    *("input_cached_tokens", "cache_read_input_tokens", "input_cache_read"),
    *("prompt_details.cache_read", "input_cached"),
)
_WRITE = ("cache_creation_input_tokens", "input_cache_creation", "prompt_details.cache_write")
_REASONING = ("output_reasoning_tokens", "output_reasoning", "completion_details.reasoning")


def recognise(record: Record) -> bool:
    """Whether this is a trace with its observations, or one observation of an export."""
    if isinstance(record.get("observations"), list):
        return "trace" in record or "projectId" in record or "timestamp" in record
    return record.get("type") in _TYPES and bool(
        {"traceId", "trace_id"} & record.keys() and {"startTime", "start_time"} & record.keys()
    )


def read(record: Record, hashes: Hashes) -> Found:
    """Rows of all observations, and scores.

    Durations are taken from the times: `latency` is in seconds in some downloads and in
    milliseconds in others. A total cost of 0 means that Langfuse knows no price.
    """
    found = Found()
    observations = record.get("observations")
    if isinstance(observations, list):
        trace = mapping(record.get("trace")) or record
        for one in observations:
            if isinstance(one, dict):
                _read_observation(found, one, trace, hashes)
        scored = [trace, *(one for one in observations if isinstance(one, dict))]
        found.scores += langfuse_scores(trace, scored, hashes)
    else:
        _read_observation(found, record, {}, hashes)
    return found


def _read_observation(found: Found, one: Record, trace: Record, hashes: Hashes) -> None:
    trace_id = text(_get(one, "traceId", "trace_id")) or text(trace.get("id")) or ""
    kind = str(one.get("type"))
    place = Span(
        trace_id=trace_id,
        span_id=text(one.get("id")) or "",
        parent_id=text(_get(one, "parentObservationId", "parent_observation_id")),
        session_id=text(trace.get("sessionId")) or text(_get(one, "sessionId", "session_id")),
        agent=text(one.get("name")) if kind == "AGENT" else None,
    )
    found.spans.append(place)
    usage = mapping(_get(one, "usageDetails", "usage_details"))
    if kind in _MODELS or (usage and kind not in {"TOOL", "RETRIEVER"}):
        call = _call(one, trace, place, usage, hashes)
        call.operation = _MODELS.get(kind, kind.lower())
        call.is_total = kind not in _MODELS
        found.calls.append(call)
        found.tool_calls += _asked(call, one.get("output"), hashes)
    elif kind == "RETRIEVER":
        call = _call(one, trace, place, {}, hashes)
        describe_documents(call, documents_in(one.get("output")), hashes)
        found.calls.append(call)
    elif kind == "TOOL":
        found.tool_calls.append(_tool(one, place, hashes))


def _call(one: Record, trace: Record, place: Span, usage: Record, hashes: Hashes) -> Call:
    start, end = _times(one)
    failed = one.get("level") == "ERROR"
    cost = number(_get(one, "totalCost", "total_cost"))
    model = text(_get(one, "model", "provided_model_name"))
    call = Call(
        id=f"{place.trace_id}:{place.span_id}",
        timestamp=start,
        model_requested=model,
        model=model,
        status="error" if failed else "ok",
        error_class="error" if failed else None,
        finish="error" if failed else None,
        logged_cost_usd=cost or None,
        latency_ms=between(start, end),
        ttft_ms=between(start, instant(_get(one, "completionStartTime", "completion_start_time"))),
        end_user=hashes.personal(text(trace.get("userId"))),
        session_id=place.session_id,
        trace_id=place.trace_id,
        span_id=place.span_id,
        parent_id=place.parent_id,
        agent=place.agent,
        prompt_name=text(_get(one, "promptName", "prompt_name")),
        prompt_version=text(_get(one, "promptVersion", "prompt_version")),
    )
    _describe_usage(call, usage)
    given, answer = _value(one.get("input")), _value(one.get("output"))
    call.input_chars = None if given is None else length(given)
    call.asked = asked(given)
    choices = [path(choice, "finish_reason") for choice in sequence(path(answer, "choices"))]
    call.finish = call.finish or unified(path(answer, "finish_reason") or choices)
    describe_places(call, path(given, "messages") or given, hashes)
    if answer is not None:
        call.output_chars, call.output_hash = length(answer), hashes.personal(answer)
        call.answer_text = spoken(answer)
    # kept by the wrapper of OpenAI's client; what it asked for may be a schema by itself
    asked_for = mapping(path(_value(one.get("metadata")), "response_format"))
    if asked_for and answer is not None:
        call.form, call.answer = form_in(asked_for), _messages(one.get("output"), answer)
    return call


def _describe_usage(call: Call, usage: Record) -> None:
    """Tokens by Langfuse's own total: it tells whether `input` holds what was cached.

    Some integrations report the whole prompt as `input` and the cached part beside it, others
    split it into parts that add up to the total; the same goes for reasoning.
    """
    given, answered = count(usage.get("input")), count(usage.get("output"))
    read, write = _count(usage, _READ), _count(usage, _WRITE)
    reasoning = _count(usage, _REASONING)
    cached = total(read, write) or 0
    missing = (count(usage.get("total")) or 0) - (total(given, answered) or 0)
    if given is not None and cached and missing in {cached, cached + (reasoning or 0)}:
        given += cached
        missing -= cached
    if answered is not None and reasoning and missing == reasoning:
        answered += reasoning
        missing = 0
    if missing and "total" in usage:
        call.note("total_tokens_differ")
    call.input_tokens, call.output_tokens = given, answered
    call.cache_read_tokens, call.cache_write_tokens = read, write
    call.reasoning_tokens = reasoning


def _asked(call: Call, output: Any, hashes: Hashes) -> list[ToolCall]:
    found: list[ToolCall] = []
    for name, given, id_ in asked_in(output):
        args, valid = arguments(given)
        tool = ToolCall(call.id, call.timestamp, name, ord=len(found), tool_call_id=id_)
        tool.args_hash, tool.args_valid = hashes.personal(args), valid
        tool.destinations = destinations(args, hashes)
        tool.session_id, tool.trace_id, tool.agent = call.session_id, call.trace_id, call.agent
        tool.span_id, tool.parent_id = call.span_id, call.parent_id
        found.append(tool)
    call.tools_called = len(found)
    if found and call.finish in {None, "stop"}:
        call.finish = "tool_calls"
    return found


def _tool(one: Record, place: Span, hashes: Hashes) -> ToolCall:
    start, end = _times(one)
    failed = one.get("level") == "ERROR"
    args, valid = arguments(_value(one.get("input")))
    result = _value(one.get("output"))
    return ToolCall(
        call_id=None,
        timestamp=start,
        tool=(text(one.get("name")) or "unknown").removeprefix("execute_tool "),
        executed=True,
        args_hash=hashes.personal(args),
        args_valid=valid,
        destinations=destinations(args, hashes),
        ok=not failed,
        error_class="error" if failed else None,
        latency_ms=between(start, end),
        result_chars=None if result is None else length(result),
        result_hash=hashes.personal(result),
        result_places=None if result is None else places(result, hashes),
        session_id=place.session_id,
        trace_id=place.trace_id,
        span_id=place.span_id,
        parent_id=place.parent_id,
        agent=place.agent,
    )


def _times(one: Record) -> tuple[int | None, int | None]:
    return instant(_get(one, "startTime", "start_time")), instant(_get(one, "endTime", "end_time"))


def _value(value: Any) -> Any:
    """Input and output are values, or their JSON."""
    if not isinstance(value, str):
        return value
    found = decoded(value)
    return value if found is None else found


def _messages(output: Any, answer: Any) -> Any:
    """Messages, or the text of an answer, also of one that was kept as the values it stands for."""
    first = answer[0] if isinstance(answer, list) and answer else answer
    if isinstance(first, dict) and not _MESSAGE.isdisjoint(first):
        return answer
    return output if isinstance(output, str) else json.dumps(output)


def _get(one: Record, *names: str) -> Any:
    return next((one[name] for name in names if one.get(name) is not None), None)


def _count(usage: Record, names: tuple[str, ...]) -> int | None:
    return next((count(usage[name]) for name in names if name in usage), None)


register(LogFormat(name="langfuse", recognise=recognise, read=read))
