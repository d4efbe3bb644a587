"""Chat completions in OpenAI's documented shape, and the traps of real ones."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.logs.llm.openai_chat import provider
from tests.llm_records import HASHES, call_in, found_in

MOMENT = 1_728_557_160_000_000


def completion(**changes: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1728557160,
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "message": {"content": "Hello!"}, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": 1000,
            "completion_tokens": 60,
            "total_tokens": 1060,
            "prompt_tokens_details": {"cached_tokens": 800},
            "completion_tokens_details": {"reasoning_tokens": 40},
        },
        "service_tier": "default",
        "system_fingerprint": "fp_1",
        **changes,
    }


def test_a_whole_completion() -> None:
    call = call_in(completion(), "openai_chat")
    assert (call.id, call.timestamp, call.provider) == ("chatcmpl-1", MOMENT, "openai")
    # cached tokens are a part of the prompt's, reasoning is a part of the answer's
    assert (call.input_tokens, call.cache_read_tokens) == (1000, 800)
    assert (call.output_tokens, call.reasoning_tokens) == (60, 40)
    assert (call.finish, call.refusal, call.status) == ("stop", False, "ok")
    assert (call.tier, call.fingerprint, call.output_chars) == ("default", "fp_1", 6)


def test_a_refusal_has_the_finish_reason_stop() -> None:
    message = {"content": None, "refusal": "I'm sorry, I can't."}
    call = call_in(
        completion(choices=[{"message": message, "finish_reason": "stop"}]), "openai_chat"
    )
    assert (call.finish, call.refusal) == ("refusal", True)
    assert call.output_chars == len("I'm sorry, I can't.")


def test_a_filtered_choice_has_no_message_and_is_billed() -> None:
    hate = {"hate": {"filtered": True, "severity": "high"}}
    choice = {"finish_reason": "content_filter", "index": 0, "content_filter_results": hate}
    call = call_in(completion(choices=[choice]), "openai_chat")
    assert (call.finish, call.guardrail_action) == ("content_filter", "blocked")
    assert call.output_tokens == 60
    assert call.provider == "azure.ai.openai"


def test_tools_that_were_asked_for_and_one_with_broken_arguments() -> None:
    tools = [
        {"id": "c1", "function": {"name": "weather", "arguments": '{"city": "Rome"}'}},
        {"id": "c2", "function": {"name": "binomial", "arguments": '{"p": 1/6}'}},
    ]
    choice = {"message": {"content": None, "tool_calls": tools}, "finish_reason": "tool_calls"}
    found = found_in(completion(choices=[choice]), "openai_chat")
    assert [(t.tool, t.ord, t.tool_call_id, t.args_valid) for t in found.tool_calls] == [
        ("weather", 0, "c1", True),
        ("binomial", 1, "c2", False),
    ]
    assert found.tool_calls[0].args_hash == HASHES.personal({"city": "Rome"})
    assert found.calls[0].tools_called == 2


def test_equal_arguments_are_equal_however_they_are_spaced() -> None:
    def hashed(arguments: str) -> str | None:
        tool = {"id": "c", "function": {"name": "f", "arguments": arguments}}
        choice = {"message": {"tool_calls": [tool]}, "finish_reason": "tool_calls"}
        return found_in(completion(choices=[choice]), "openai_chat").tool_calls[0].args_hash

    assert hashed('{"a":1,"b":2}') == hashed('{ "b": 2, "a": 1 }') != hashed('{"a":1,"b":3}')


def test_the_older_function_call() -> None:
    message = {"content": None, "function_call": {"name": "f", "arguments": "{}"}}
    choice = {"message": message, "finish_reason": "function_call"}
    found = found_in(completion(choices=[choice]), "openai_chat")
    assert [tool.tool for tool in found.tool_calls] == ["f"]
    assert found.calls[0].finish == "tool_calls"


def test_an_old_text_completion() -> None:
    record = completion(
        object="text_completion", choices=[{"text": "abc", "finish_reason": "length"}]
    )
    call = call_in(record, "openai_chat")
    assert (call.operation, call.finish, call.output_chars) == ("text_completion", "length", 3)


def test_without_usage_tokens_are_unknown_and_not_nought() -> None:
    call = call_in(completion(usage=None), "openai_chat")
    assert (call.input_tokens, call.output_tokens) == (None, None)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"model": "o3-mini"}, "openai"),
        ({"model": "ft:gpt-4o:acme"}, "openai"),
        ({"model": "llama-3.1-8b-instant", "x_groq": {}}, "groq"),
        ({"model": "qwen"}, None),
        ({"model": "gpt-4o", "prompt_filter_results": []}, "azure.ai.openai"),
    ],
)
def test_who_answered(record: dict[str, Any], expected: str | None) -> None:
    assert provider(record) == expected
