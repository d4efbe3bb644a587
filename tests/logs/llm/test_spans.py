"""Spans in every generation of names."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.logs.llm.records import Call, Found
from monitoring_pipelines.logs.llm.spans import RawSpan, hex_id, read_span
from tests.llm_records import HASHES


def found_of(attributes: dict[str, Any], **changes: Any) -> Found:
    span = {"trace_id": "t", "span_id": "s", "parent_id": "p", "name": "n", "start": 0, "end": 5000}
    found = Found()
    read_span(RawSpan(**{**span, **changes}, attributes=attributes), found, HASHES)
    return found


def call_of(attributes: dict[str, Any], **changes: Any) -> Call:
    (call,) = found_of(attributes, **changes).calls
    return call


NOW = {
    "gen_ai.provider.name": "openai",
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 20,
    "gen_ai.usage.cache_read.input_tokens": 80,
    "gen_ai.usage.reasoning.output_tokens": 5,
    "gen_ai.response.finish_reasons": ["stop"],
}
EARLIER = {
    "gen_ai.system": "openai",
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.prompt_tokens": 100,
    "gen_ai.usage.completion_tokens": 20,
    "gen_ai.usage.cache_read_input_tokens": 80,
    "gen_ai.usage.reasoning_tokens": 5,
    "gen_ai.response.finish_reasons": '["stop"]',
}
OPENLLMETRY = {
    "gen_ai.system": "OpenAI",
    "llm.request.type": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.prompt_tokens": 100,
    "gen_ai.usage.completion_tokens": 20,
    "gen_ai.usage.cache_read_input_tokens": 80,
    "llm.usage.reasoning_tokens": 5,
    "llm.usage.total_tokens": 120,
    "gen_ai.completion.0.finish_reason": "stop",
}
OPENINFERENCE = {
    "openinference.span.kind": "LLM",
    "llm.provider": "openai",
    "llm.request.model_name": "gpt-4o",
    "llm.model_name": "gpt-4o-2024-08-06",
    "llm.token_count.prompt": 100,
    "llm.token_count.completion": 20,
    "llm.token_count.total": 120,
    "llm.token_count.prompt_details.cache_read": 80,
    "llm.token_count.completion_details.reasoning": 5,
    "llm.finish_reason": "stop",
}


@pytest.mark.parametrize("attributes", [NOW, EARLIER, OPENLLMETRY, OPENINFERENCE])
def test_the_same_call_in_every_generation(attributes: dict[str, Any]) -> None:
    call = call_of(attributes)
    assert (call.id, call.provider, call.operation) == ("t:s", "openai", "chat")
    assert (call.model_requested, call.model) == ("gpt-4o", "gpt-4o-2024-08-06")
    assert (call.input_tokens, call.output_tokens) == (100, 20)
    assert (call.cache_read_tokens, call.reasoning_tokens) == (80, 5)
    assert (call.finish, call.status, call.latency_ms, call.is_total) == ("stop", "ok", 5.0, False)


def test_two_spellings_on_one_span_count_once() -> None:
    # as Strands writes them
    call = call_of({**NOW, "gen_ai.usage.prompt_tokens": 100, "gen_ai.usage.completion_tokens": 20})
    assert (call.input_tokens, call.output_tokens) == (100, 20)


def test_tokens_that_cannot_include_the_cached_ones_get_them_added() -> None:
    write = {"gen_ai.usage.cache_creation.input_tokens": 18_131}
    call = call_of({"gen_ai.usage.input_tokens": 4, "gen_ai.usage.output_tokens": 50, **write})
    assert (call.input_tokens, call.notes) == (18_135, "cached_tokens_added")


@pytest.mark.parametrize(
    ("attributes", "agent"),
    [
        ({"gen_ai.agent.name": "bot"}, "bot"),
        ({"agent.name": "bot", "openinference.span.kind": "AGENT"}, "bot"),
        ({"traceloop.span.kind": "agent", "traceloop.entity.name": "bot"}, "bot"),
        # what a task or a tool is called is no agent
        ({"traceloop.span.kind": "task", "traceloop.entity.name": "bot"}, None),
        ({"traceloop.span.kind": "agent"}, None),
    ],
)
def test_the_agent_that_a_span_names(attributes: dict[str, Any], agent: str | None) -> None:
    (place,) = found_of(attributes).spans
    assert place.agent == agent


def test_an_agents_span_with_usage_is_a_total() -> None:
    call = call_of({"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 9})
    assert (call.is_total, call.operation) == (True, "invoke_agent")
    assert found_of({"gen_ai.operation.name": "invoke_agent"}).calls == []


def test_a_span_that_only_carries_the_conversation_is_a_place_in_the_trace() -> None:
    found = found_of({"gen_ai.conversation.id": "c-1", "http.method": "POST"})
    assert (found.calls, found.tool_calls) == ([], [])
    (place,) = found.spans
    assert (place.span_id, place.parent_id, place.session_id) == ("s", "p", "c-1")


def test_a_model_without_an_operation_is_a_call() -> None:
    assert call_of({"gen_ai.request.model": "m", "gen_ai.system": "gcp.vertex.agent"}).model == "m"


def test_time_to_first_token_in_seconds_or_as_strands_writes_it() -> None:
    assert call_of({**NOW, "gen_ai.response.time_to_first_chunk": 0.25}).ttft_ms == 250.0
    assert call_of({**NOW, "gen_ai.server.time_to_first_token": 260}).ttft_ms == 260.0


def test_errors_by_status_or_by_type() -> None:
    assert call_of(NOW, status="error").error_class == "error"
    call = call_of({**NOW, "error.type": "RateLimitError", "http.status_code": 429})
    assert (call.status, call.error_class, call.http_status) == ("error", "RateLimitError", 429)


def test_a_clock_that_ran_back_gives_no_latency() -> None:
    call = call_of(NOW, start=5000, end=0)
    assert (call.latency_ms, call.notes) == (None, "negative_latency")


@pytest.mark.parametrize(
    "attributes",
    [
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "weather",
            "gen_ai.tool.call.id": "c1",
            "gen_ai.tool.call.arguments": '{"city": "Rome"}',
            "gen_ai.tool.call.result": "sunny",
        },
        {
            "openinference.span.kind": "TOOL",
            "tool.name": "weather",
            "tool.parameters": '{"city": "Rome"}',
            "output.value": "sunny",
        },
        {
            "traceloop.span.kind": "tool",
            "traceloop.entity.name": "weather",
            "traceloop.entity.input": '{"city": "Rome"}',
            "traceloop.entity.output": "sunny",
        },
    ],
)
def test_a_tool_that_was_run(attributes: dict[str, Any]) -> None:
    (tool,) = found_of(attributes).tool_calls
    assert (tool.tool, tool.executed, tool.ok, tool.latency_ms) == ("weather", True, True, 5.0)
    assert tool.args_hash == HASHES.personal({"city": "Rome"})
    assert (tool.result_chars, tool.result_hash) == (5, HASHES.personal("sunny"))


def test_a_tool_that_failed_by_its_span_or_by_its_own_words() -> None:
    run = {"gen_ai.operation.name": "execute_tool"}
    assert found_of(run, status="error").tool_calls[0].ok is False
    said = {**run, "gen_ai.tool.call.result": '{"isError": true, "content": []}'}
    assert found_of(said).tool_calls[0].ok is False


def test_a_tool_is_named_by_its_span_if_need_be() -> None:
    run = {"gen_ai.operation.name": "execute_tool"}
    assert found_of(run, name="execute_tool weather").tool_calls[0].tool == "weather"


@pytest.mark.parametrize(
    ("verdict", "action", "expected"),
    [
        ("allow", "none", ("clear", "none", None)),
        ("deny", "block", ("detected", "blocked", "enforce")),
        ("deny", "none", ("detected", "none", "detect")),
        ("deny", "redact", ("detected", "masked", "enforce")),
    ],
)
def test_a_guardrails_span(verdict: str, action: str, expected: tuple[Any, ...]) -> None:
    call = call_of(
        {
            "gen_ai.operation.name": "run_guardrail",
            "gen_ai.guardrail.verdict.type": verdict,
            "gen_ai.guardrail.action.type": action,
        }
    )
    assert call.operation == "guardrail"
    assert (call.guardrail_verdict, call.guardrail_action, call.guardrail_mode) == expected


def test_ids_are_hexadecimal_or_base64() -> None:
    assert hex_id("zE9+rPKKO6OTpRgGpi/r+A==") == "cc4f7eacf28a3ba393a51806a62febf8"
    assert hex_id("ABCDEF0123456789") == "abcdef0123456789"
    assert hex_id("not an id!") == "not an id!"
    assert hex_id(None) == hex_id("") == ""


def test_no_text_leaves_a_span() -> None:
    secret = "4111-1111-1111-1111"
    found = found_of(
        {
            **NOW,
            "input.value": secret,
            "output.value": secret,
            "user.id": secret,
            "gen_ai.completion.0.content": secret,
            "gen_ai.completion.0.tool_calls.0.name": "pay",
            "gen_ai.completion.0.tool_calls.0.arguments": f'{{"card": "{secret}"}}',
        }
    )
    assert secret not in repr(found)
