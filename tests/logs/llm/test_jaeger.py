"""Jaeger's traces."""

from __future__ import annotations

from typing import Any

from tests.llm_records import found_in


def span(**changes: Any) -> dict[str, Any]:
    return {
        "traceID": "3e289017fe03ffd7c4145316d2eb3d0d",
        "spanID": "1f9762ca1e03e2d2",
        "operationName": "openai.chat",
        "references": [
            {"refType": "FOLLOWS_FROM", "spanID": "0000000000000001"},
            {"refType": "CHILD_OF", "spanID": "e3daa973379bbe3b"},
        ],
        "startTime": 1771237534577907,
        "duration": 5510,
        "tags": [
            {"key": "llm.request.type", "type": "string", "value": "chat"},
            {"key": "gen_ai.usage.prompt_tokens", "type": "int64", "value": 2203},
        ],
        "logs": [],
        **changes,
    }


def document(*spans: dict[str, Any]) -> dict[str, Any]:
    return {"data": [{"traceID": "3e28", "spans": list(spans), "processes": {}}], "total": 0}


def test_a_span_in_microseconds() -> None:
    (call,) = found_in(document(span()), "jaeger").calls
    assert (call.timestamp, call.latency_ms) == (1_771_237_534_577_907, 5.51)
    assert (call.parent_id, call.input_tokens) == ("e3daa973379bbe3b", 2203)


def test_one_trace_by_itself_and_a_root() -> None:
    (call,) = found_in(document(span(references=[]))["data"][0], "jaeger").calls
    assert call.parent_id is None


def test_an_error_and_its_log() -> None:
    tags = [*span()["tags"], {"key": "error", "type": "bool", "value": True}]
    log = {"fields": [{"key": "exception.type", "value": "ReadTimeout"}]}
    (call,) = found_in(document(span(tags=tags, logs=[log])), "jaeger").calls
    assert (call.status, call.error_class) == ("error", "ReadTimeout")
