"""Bodies of Bedrock's models: Converse, each maker's own, and streams."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.logs.llm.bedrock_body import describe_body, gathered
from monitoring_pipelines.logs.llm.records import Call, ToolCall
from tests.llm_records import HASHES


def described(body: Any) -> tuple[Call, list[ToolCall] | None]:
    call = Call("1", None)
    return call, describe_body(call, body, HASHES)


CONVERSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hello"}]}},
    "stopReason": "end_turn",
    "metrics": {"latencyMs": 836},
    "usage": {
        "inputTokens": 4,
        "outputTokens": 9,
        "totalTokens": 1113,
        "cacheReadInputTokens": 1000,
        "cacheWriteInputTokens": 100,
    },
}
CLAUDE = {
    "type": "message",
    "content": [{"type": "text", "text": "Hello"}],
    "stop_reason": "end_turn",
    "usage": {
        "input_tokens": 4,
        "output_tokens": 9,
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 100,
    },
}


@pytest.mark.parametrize("body", [CONVERSE, CLAUDE])
def test_cached_tokens_are_added_to_the_prompt(body: dict[str, Any]) -> None:
    call, _ = described(body)
    # 4 new ones, 1000 from the cache and 100 into it
    assert (call.input_tokens, call.output_tokens) == (1104, 9)
    assert (call.cache_read_tokens, call.cache_write_tokens) == (1000, 100)
    assert (call.finish, call.output_chars, call.notes) == ("stop", 5, None)


@pytest.mark.parametrize(
    ("body", "tokens", "finish"),
    [
        (
            {
                "inputTextTokenCount": 28.0,
                "results": [{"tokenCount": 197.0, "outputText": "x", "completionReason": "LENGTH"}],
            },
            (28, 197),
            "length",
        ),
        (
            {
                "generation": "x",
                "prompt_token_count": 5,
                "generation_token_count": 6,
                "stop_reason": "stop",
            },
            (5, 6),
            "stop",
        ),
        ({"outputs": [{"text": "x", "stop_reason": "length"}]}, (None, None), "length"),
        ({"generations": [{"text": "x", "finish_reason": "COMPLETE"}]}, (None, None), "stop"),
        (
            {
                "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 3, "completion_tokens": 2},
            },
            (3, 2),
            "stop",
        ),
    ],
    ids=["titan", "llama", "mistral", "cohere", "openai-like"],
)
def test_each_makers_own_shape(
    body: dict[str, Any], tokens: tuple[int | None, int | None], finish: str
) -> None:
    call, tools = described(body)
    assert (call.input_tokens, call.output_tokens) == tokens
    assert (call.finish, call.output_chars, tools) == (finish, 1, [])


def test_tools_that_converse_and_claude_ask_for() -> None:
    use = {"toolUseId": "t1", "name": "top_song", "input": {"sign": "XYZ"}}
    converse = {
        "output": {"message": {"content": [{"toolUse": use}]}},
        "stopReason": "tool_use",
        "usage": {},
    }
    claude = {
        "content": [{"type": "tool_use", "id": "t1", "name": "top_song", "input": {"sign": "XYZ"}}],
        "stop_reason": "tool_use",
    }
    for body in (converse, claude):
        call, tools = described(body)
        assert call.finish == "tool_calls"
        assert [(t.tool, t.tool_call_id, t.args_hash) for t in tools or []] == [
            ("top_song", "t1", HASHES.personal({"sign": "XYZ"}))
        ]


STREAM = [
    {"type": "message_start", "message": {"usage": {"input_tokens": 20, "output_tokens": 1}}},
    {
        "type": "content_block_start",
        "index": 0,
        "content_block": {"type": "tool_use", "id": "t1", "name": "weather", "input": {}},
    },
    {"type": "content_block_delta", "index": 0, "delta": {"partial_json": '{"city":'}},
    {"type": "content_block_delta", "index": 0, "delta": {"partial_json": '"Rome"}'}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Hello"}},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"output_tokens": 15},
        "amazon-bedrock-guardrailAction": "INTERVENED",
    },
    {
        "type": "message_stop",
        "amazon-bedrock-invocationMetrics": {"invocationLatency": 900, "firstByteLatency": 250},
        "amazon-bedrock-guardrailAction": "NONE",
    },
    "[DONE]",
]


def test_a_stream_of_a_maker_ends_with_a_bare_text() -> None:
    call, tools = described(STREAM)
    assert (call.input_tokens, call.output_tokens, call.latency_ms) == (20, 15, 900.0)
    assert call.output_chars == 5
    assert [(t.tool, t.args_hash, t.args_valid) for t in tools or []] == [
        ("weather", HASHES.personal({"city": "Rome"}), True)
    ]
    assert gathered(STREAM)["first_byte_ms"] == 250


def test_a_streams_guardrail_acts_though_it_stops_by_end_turn() -> None:
    call, _ = described(STREAM)
    assert (call.finish, call.guardrail_action) == ("stop", "intervened")


def test_a_stream_of_converse() -> None:
    call, tools = described(
        [
            {"messageStart": {"role": "assistant"}},
            {
                "contentBlockStart": {
                    "contentBlockIndex": 0,
                    "start": {"toolUse": {"toolUseId": "t1", "name": "weather"}},
                }
            },
            {
                "contentBlockDelta": {
                    "contentBlockIndex": 0,
                    "delta": {"toolUse": {"input": '{"city":"Rome"}'}},
                }
            },
            {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": "Hi"}}},
            {"messageStop": {"stopReason": "tool_use"}},
            {
                "metadata": {
                    "usage": {"inputTokens": 7, "outputTokens": 3, "totalTokens": 10},
                    "metrics": {"latencyMs": 55},
                }
            },
        ]
    )
    assert (call.input_tokens, call.output_tokens, call.finish) == (7, 3, "tool_calls")
    assert (call.latency_ms, call.output_chars) == (55.0, 2)
    assert [t.args_hash for t in tools or []] == [HASHES.personal({"city": "Rome"})]


def test_a_stream_of_titan() -> None:
    call, _ = described(
        [
            {"outputText": "ab", "inputTextTokenCount": 9, "completionReason": None},
            {"outputText": "c", "totalOutputTextTokenCount": 4, "completionReason": "FINISH"},
        ]
    )
    assert (call.input_tokens, call.output_tokens, call.finish) == (9, 4, "stop")
    assert call.output_chars == 3


def test_a_total_that_does_not_add_up_is_noted() -> None:
    call, _ = described(
        {**CONVERSE, "usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 5}}
    )
    assert call.notes == "total_tokens_differ"


def test_a_prompt_router_names_the_model_that_answered() -> None:
    body = {**CONVERSE, "trace": {"promptRouter": {"invokedModelId": "arn:aws:x/amazon.nova-lite"}}}
    assert described(body)[0].model == "arn:aws:x/amazon.nova-lite"


@pytest.mark.parametrize("body", [None, "text", {"something": "else"}])
def test_another_shape_is_not_understood(body: Any) -> None:
    assert described(body)[1] is None


def test_embeddings_are_another_operation() -> None:
    call, _ = described({"embedding": [0.1], "inputTextTokenCount": 6})
    assert (call.operation, call.input_tokens, call.output_tokens) == ("embeddings", 6, None)
