"""What was said in a span, in three ways of writing it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitoring_pipelines.logs.llm.messages import asked_in, said

NEW = {
    "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Be kind"}]),
    "gen_ai.input.messages": json.dumps(
        [{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}]
    ),
    "gen_ai.output.messages": json.dumps(
        [
            {
                "role": "assistant",
                "parts": [
                    {"type": "text", "content": "Hello"},
                    {"type": "tool_call", "id": "c1", "name": "f", "arguments": {"a": 1}},
                ],
                "finish_reason": "tool_call",
            }
        ]
    ),
    "gen_ai.tool.definitions": json.dumps([{"name": "f"}]),
}
NUMBERED = {
    "gen_ai.prompt.0.role": "system",
    "gen_ai.prompt.0.content": "Be kind",
    "gen_ai.prompt.1.role": "user",
    "gen_ai.prompt.1.content": "Hi",
    "gen_ai.completion.0.content": "Hello",
    "gen_ai.completion.0.finish_reason": "tool_calls",
    "gen_ai.completion.0.tool_calls.0.id": "c1",
    "gen_ai.completion.0.tool_calls.0.name": "f",
    "gen_ai.completion.0.tool_calls.0.arguments": '{"a": 1}',
    "llm.request.functions.0.name": "f",
}
OPENINFERENCE = {
    "llm.input_messages.0.message.role": "system",
    "llm.input_messages.0.message.content": "Be kind",
    "llm.input_messages.1.message.role": "user",
    "llm.input_messages.1.message.contents.0.message_content.text": "Hi",
    "llm.output_messages.0.message.content": "Hello",
    "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c1",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "f",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"a": 1}',
    "llm.tools.0.tool.json_schema": '{"name": "f"}',
}


@pytest.mark.parametrize("attributes", [NEW, NUMBERED, OPENINFERENCE])
def test_sizes_tools_and_calls(attributes: dict[str, Any]) -> None:
    found = said(attributes)
    assert (found.input_chars, found.output_chars) == (len("Be kindHi"), len("Hello"))
    assert len(found.tools) == 1
    ((name, arguments, id_),) = found.tools_asked
    assert (name, id_) == ("f", "c1")
    assert (json.loads(arguments) if isinstance(arguments, str) else arguments) == {"a": 1}
    assert "Be kind" in found.system


def test_whole_values_have_a_size() -> None:
    found = said({"input.value": "abc", "output.value": "de"})
    assert (found.input_chars, found.output_chars, found.output) == (3, 2, "de")


def test_a_span_without_text() -> None:
    found = said({"gen_ai.usage.input_tokens": 3})
    assert (found.input_chars, found.output_chars, found.tools_asked) == (None, None, [])


F = {"name": "f", "arguments": "{}"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"tool_calls": [{"id": "c", "function": F}]}, [("f", "{}", "c")]),
        (json.dumps({"tool_calls": [{"id": "c", "function": F}]}), [("f", "{}", "c")]),
        # LangChain: the provider's form beside its own
        ({"additional_kwargs": {"tool_calls": [{"id": "c", "function": F}]}}, [("f", "{}", "c")]),
        (
            {
                "tool_calls": [{"id": "c", "name": "f", "args": {"a": 1}, "type": "tool_call"}],
                "additional_kwargs": {"tool_calls": [{"id": "c", "function": F}]},
            },
            [("f", {"a": 1}, "c")],
        ),
        # Gemini, Vercel's SDK, Anthropic, OpenAI's responses
        (
            {"content": {"parts": [{"function_call": {"name": "f", "args": {}}}]}},
            [("f", None, None)],
        ),
        ([{"toolCallId": "c", "toolName": "f", "input": "{}"}], [("f", "{}", "c")]),
        ({"content": [{"type": "tool_use", "id": "c", "name": "f"}]}, [("f", None, "c")]),
        ({"output": [{"type": "function_call", "call_id": "c", **F}]}, [("f", "{}", "c")]),
        ({"role": "assistant", "name": "f", "content": "hello"}, []),
        ("hello", []),
        (None, []),
    ],
)
def test_tools_that_an_answer_asks_for(value: Any, expected: list[Any]) -> None:
    assert asked_in(value) == expected
