"""Responses: a finish reason has to be derived."""

from __future__ import annotations

from typing import Any

import pytest

from tests.llm_records import call_in, found_in

MESSAGE = {"type": "message", "content": [{"type": "output_text", "text": "Hello!"}]}
REFUSED = {"type": "message", "content": [{"type": "refusal", "refusal": "No."}]}
FUNCTION = {
    "type": "function_call",
    "call_id": "c1",
    "name": "weather",
    "arguments": '{"c":"Rome"}',
}
SEARCH = {"type": "web_search_call", "id": "ws_1", "status": "completed"}


def response(*output: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1774963683,
        "completed_at": 1774963684,
        "status": "completed",
        "model": "gpt-5-nano-2025-08-07",
        "output": [{"type": "reasoning", "summary": []}, *output],
        "usage": {
            "input_tokens": 110,
            "input_tokens_details": {"cached_tokens": 100},
            "output_tokens": 131,
            "output_tokens_details": {"reasoning_tokens": 64},
            "total_tokens": 241,
        },
        **changes,
    }


def test_a_whole_response() -> None:
    call = call_in(response(MESSAGE), "openai_responses")
    assert (call.id, call.timestamp) == ("resp_1", 1_774_963_683_000_000)
    assert call.latency_ms == 1000.0
    assert (call.input_tokens, call.cache_read_tokens) == (110, 100)
    assert (call.output_tokens, call.reasoning_tokens, call.output_chars) == (131, 64, 6)


@pytest.mark.parametrize(
    ("record", "finish"),
    [
        (response(MESSAGE), "stop"),
        (response(FUNCTION), "tool_calls"),
        (response(SEARCH, MESSAGE), "stop"),
        (response(REFUSED), "refusal"),
        (response(status="failed", error={"code": "server_error"}), "error"),
        (response(status="in_progress"), None),
        (
            response(
                MESSAGE, status="incomplete", incomplete_details={"reason": "max_output_tokens"}
            ),
            "length",
        ),
        (
            response(status="incomplete", incomplete_details={"reason": "content_filter"}),
            "content_filter",
        ),
        (response(status="incomplete"), "unknown"),
    ],
)
def test_the_finish_reason_is_derived(record: dict[str, Any], finish: str | None) -> None:
    assert call_in(record, "openai_responses").finish == finish


def test_functions_and_hosted_tools() -> None:
    found = found_in(response(FUNCTION, SEARCH), "openai_responses")
    assert [(tool.tool, tool.tool_call_id) for tool in found.tool_calls] == [
        ("weather", "c1"),
        ("web_search", "ws_1"),
    ]


def test_a_failed_one_names_its_error() -> None:
    call = call_in(response(status="failed", error={"code": "server_error"}), "openai_responses")
    assert (call.status, call.error_class) == ("error", "server_error")


def test_the_template_and_its_version() -> None:
    call = call_in(response(MESSAGE, prompt={"id": "pmpt_1", "version": "4"}), "openai_responses")
    assert (call.prompt_name, call.prompt_version) == ("pmpt_1", "4")
