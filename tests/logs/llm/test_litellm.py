"""LiteLLM's spend logs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.llm_records import HASHES, call_in, found_in
from tests.logs.llm.test_openai_chat import completion


def spend(metadata: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "request_id": "chatcmpl-1",
        "call_type": "acompletion",
        "api_key": "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
        "spend": 0.0012,
        "prompt_tokens": 1000,
        "completion_tokens": 60,
        "total_tokens": 1060,
        "startTime": "2025-05-21T09:50:19.000Z",
        "endTime": "2025-05-21T09:50:21.500Z",
        "completionStartTime": "2025-05-21T09:50:19.400Z",
        "model": "gpt-4o-2024-08-06",
        "model_group": "chat",
        "custom_llm_provider": "openai",
        "user": "alice@example.com",
        "end_user": "bob",
        "session_id": "s-1",
        "status": "success",
        "cache_hit": "None",
        "requester_ip_address": "203.0.113.7",
        "messages": "{}",
        "response": "{}",
        "metadata": json.dumps(metadata or {}),
        **changes,
    }


def test_a_row() -> None:
    call = call_in(spend(), "litellm")
    assert (call.id, call.operation, call.provider) == ("chatcmpl-1", "chat", "openai")
    assert (call.model_requested, call.model) == ("chat", "gpt-4o-2024-08-06")
    assert (call.input_tokens, call.output_tokens, call.logged_cost_usd) == (1000, 60, 0.0012)
    assert (call.latency_ms, call.ttft_ms, call.streaming) == (2500.0, 400.0, True)
    assert (call.status, call.session_id) == ("ok", "s-1")


def test_a_cache_hit_is_a_text_that_may_be_none() -> None:
    assert call_in(spend(), "litellm").cache_hit is None
    assert call_in(spend(cache_hit="True"), "litellm").cache_hit is True


def test_an_answer_at_once_has_no_time_to_first_token() -> None:
    call = call_in(spend(completionStartTime="2025-05-21T09:50:21.500Z"), "litellm")
    assert (call.ttft_ms, call.streaming) == (None, None)


def test_people_are_hashed() -> None:
    call = call_in(spend(), "litellm")
    assert call.principal == HASHES.personal("alice@example.com")
    assert call.ip == HASHES.personal("203.0.113.7")
    assert "example.com" not in repr(call)


def test_usage_retries_and_fallbacks_in_the_metadata() -> None:
    usage = {
        "prompt_tokens_details": {"cached_tokens": 800},
        "completion_tokens_details": {"reasoning_tokens": 40},
    }
    metadata = {"usage_object": usage, "attempted_retries": 2, "attempted_fallbacks": 1}
    call = call_in(spend(metadata), "litellm")
    assert (call.input_tokens, call.cache_read_tokens, call.reasoning_tokens) == (1000, 800, 40)
    assert call.retries == 3


def test_cached_tokens_beside_the_prompt_are_added() -> None:
    usage = {"cache_creation_input_tokens": 18_131, "cache_read_input_tokens": 0}
    call = call_in(spend({"usage_object": usage}, prompt_tokens=4), "litellm")
    assert (call.input_tokens, call.notes) == (18_135, "cached_tokens_added")


def test_a_failure() -> None:
    error = {"error_class": "RateLimitError", "error_code": "429", "error_message": "alice"}
    call = call_in(spend({"error_information": error}, status="failure"), "litellm")
    assert (call.status, call.error_class, call.http_status) == ("error", "RateLimitError", 429)


@pytest.mark.parametrize(
    ("word", "verdict", "action", "notes"),
    [
        ("success", "clear", "none", None),
        ("guardrail_flagged", "detected", "none", None),
        ("guardrail_intervened", "detected", "blocked", None),
        ("guardrail_failed_to_respond", None, None, "guardrail_not_run"),
        ("not_run", None, None, "guardrail_not_run"),
    ],
)
def test_guardrails(word: str, verdict: str | None, action: str | None, notes: str | None) -> None:
    information = {"guardrail_name": "pii", "guardrail_status": word}
    for shape in (information, [information]):
        call = call_in(spend({"guardrail_information": shape}), "litellm")
        assert (call.guardrail_verdict, call.guardrail_action) == (verdict, action)
        assert call.notes == notes


def test_stored_prompts_give_sizes_and_tools() -> None:
    tool = {"id": "c1", "function": {"name": "weather", "arguments": "{}"}}
    choice = {"message": {"content": None, "tool_calls": [tool]}, "finish_reason": "tool_calls"}
    record = spend(
        messages=json.dumps([{"role": "user", "content": "Hi"}]),
        response=json.dumps(completion(choices=[choice])),
    )
    found = found_in(record, "litellm")
    assert [one.tool for one in found.tool_calls] == ["weather"]
    assert (found.calls[0].finish, found.calls[0].input_chars) == ("tool_calls", 2)


def test_a_tool_of_an_mcp_server() -> None:
    found = found_in(
        spend(call_type="call_mcp_tool", mcp_namespaced_tool_name="github/search"), "litellm"
    )
    (tool,) = found.tool_calls
    assert (tool.tool, tool.executed, tool.ok, tool.latency_ms) == (
        "github/search",
        True,
        True,
        2500,
    )
    assert found.calls == []


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        ("completion", "chat"),
        ("aresponses", "chat"),
        ("anthropic_messages", "chat"),
        ("aembedding", "embeddings"),
        ("atext_completion", "text_completion"),
    ],
)
def test_call_types(kind: str, operation: str) -> None:
    assert call_in(spend(call_type=kind), "litellm").operation == operation
