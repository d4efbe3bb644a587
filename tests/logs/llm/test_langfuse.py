"""Langfuse's downloads and exports."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.llm_records import HASHES, found_in


def observation(kind: str = "GENERATION", **changes: Any) -> dict[str, Any]:
    return {
        "id": "o-1",
        "type": kind,
        "name": "ChatOpenAI",
        "parentObservationId": "o-0",
        "startTime": "2025-08-22T09:38:56.000Z",
        "endTime": "2025-08-22T09:38:57.500Z",
        "completionStartTime": "2025-08-22T09:38:56.250Z",
        "model": "gpt-4o-2024-08-06",
        "usageDetails": {"input": 60, "output": 15, "total": 75},
        "latency": 1.5,
        "level": "DEFAULT",
        "totalCost": 0,
        "promptName": "greet",
        "promptVersion": 4,
        "output": '{"role": "assistant", "content": "Hello"}',
        **changes,
    }


def trace(*observations: dict[str, Any]) -> dict[str, Any]:
    inner = {"id": "t-1", "projectId": "p", "userId": "alice", "sessionId": "s-1"}
    return {"trace": inner, "observations": list(observations)}


def test_a_generation() -> None:
    (call,) = found_in(trace(observation()), "langfuse").calls
    assert (call.id, call.trace_id, call.session_id) == ("t-1:o-1", "t-1", "s-1")
    assert (call.input_tokens, call.output_tokens, call.output_chars) == (60, 15, 5)
    assert (call.prompt_name, call.prompt_version) == ("greet", "4")
    assert call.end_user == HASHES.personal("alice")


@pytest.mark.parametrize("latency", [1.5, 1500])
def test_durations_are_of_the_times_whatever_the_unit_of_latency(latency: float) -> None:
    (call,) = found_in(trace(observation(latency=latency)), "langfuse").calls
    assert (call.latency_ms, call.ttft_ms) == (1500.0, 250.0)


def test_a_cost_of_nought_is_no_cost() -> None:
    assert found_in(trace(observation()), "langfuse").calls[0].logged_cost_usd is None
    assert found_in(trace(observation(totalCost=0.5)), "langfuse").calls[0].logged_cost_usd == 0.5


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        # the prompt as a whole, the cached part beside it
        (
            {"input": 100, "prompt_details.cache_read": 80, "output": 20, "total": 120},
            (100, 80, 20, None),
        ),
        # parts that add up
        ({"input": 20, "input_cached_tokens": 80, "output": 20, "total": 120}, (100, 80, 20, None)),
        (
            {
                "input": 20,
                "cache_read_input_tokens": 30,
                "cache_creation_input_tokens": 50,
                "output": 5,
                "output_reasoning_tokens": 15,
                "total": 120,
            },
            (100, 30, 20, None),
        ),
        ({"input": 1, "output": 2, "total": 9}, (1, None, 2, "total_tokens_differ")),
        ({"input": 1, "output": 2}, (1, None, 2, None)),
    ],
)
def test_the_total_tells_what_input_holds(
    usage: dict[str, int], tokens: tuple[int, int | None, int, str | None]
) -> None:
    (call,) = found_in(trace(observation(usageDetails=usage)), "langfuse").calls
    assert (call.input_tokens, call.cache_read_tokens, call.output_tokens, call.notes) == tokens


def test_an_agents_usage_is_a_total_and_a_spans_place_is_kept() -> None:
    found = found_in(trace(observation("AGENT"), observation("SPAN", usageDetails={})), "langfuse")
    assert [call.is_total for call in found.calls] == [True]
    assert [place.agent for place in found.spans] == ["ChatOpenAI", None]


def test_a_tool() -> None:
    changes = {"name": "weather", "usageDetails": {}, "input": '{"city":"Rome"}', "output": "sun"}
    (tool,) = found_in(trace(observation("TOOL", **changes)), "langfuse").tool_calls
    assert (tool.tool, tool.executed, tool.ok, tool.latency_ms) == ("weather", True, True, 1500.0)
    assert tool.args_hash == HASHES.personal({"city": "Rome"})
    failed = observation("TOOL", level="ERROR")
    assert found_in(trace(failed), "langfuse").tool_calls[0].ok is False


def test_an_error_keeps_no_words() -> None:
    failed = observation(level="ERROR", statusMessage="alice's card was refused", output=None)
    found = found_in(trace(failed), "langfuse")
    assert (found.calls[0].status, found.calls[0].finish) == ("error", "error")
    assert "card" not in repr(found)


def test_finish_reason_and_tools_in_the_output() -> None:
    choice = {"finish_reason": "length", "message": {"content": "x"}}
    found = found_in(trace(observation(output=json.dumps({"choices": [choice]}))), "langfuse")
    assert found.calls[0].finish == "length"
    asked = {"content": {"parts": [{"function_call": {"name": "f", "args": {}}}]}}
    found = found_in(trace(observation(output={**asked, "finish_reason": "STOP"})), "langfuse")
    assert found.calls[0].finish == "tool_calls"
    assert [tool.tool for tool in found.tool_calls] == ["f"]


def test_one_observation_of_an_export_in_either_spelling() -> None:
    camel = {**observation(), "traceId": "t-1", "sessionId": "s-1"}
    snake = {
        "id": "o-1",
        "type": "GENERATION",
        "trace_id": "t-1",
        "session_id": "s-1",
        "parent_observation_id": "o-0",
        "start_time": "2025-08-22 09:38:56.000000",
        "end_time": "2025-08-22 09:38:57.500000",
        "completion_start_time": "2025-08-22 09:38:56.250000",
        "provided_model_name": "gpt-4o-2024-08-06",
        "usage_details": '{"input":60,"output":15,"total":75}',
        "prompt_name": "greet",
        "prompt_version": 4,
        "output": '{"role": "assistant", "content": "Hello"}',
    }
    first, second = (found_in(record, "langfuse").calls[0] for record in (camel, snake))
    assert first == second
