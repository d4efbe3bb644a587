"""OTLP/JSON as its three writers leave it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.llm_records import found_in

NANOS = 1_787_297_955_670_945_879
ATTRIBUTES = [
    {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
    {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "100"}},
    {"key": "gen_ai.usage.output_tokens", "value": {"doubleValue": 20}},
    {
        "key": "gen_ai.response.finish_reasons",
        "value": {"arrayValue": {"values": [{"stringValue": "length"}]}},
    },
]


def span(**changes: Any) -> dict[str, Any]:
    return {
        "traceId": "cc4f7eacf28a3ba393a51806a62febf8",
        "spanId": "40e37f40cc7d78a5",
        "parentSpanId": "f3301032a29218a0",
        "name": "chat gpt-4o",
        "kind": 3,
        "startTimeUnixNano": str(NANOS),
        "endTimeUnixNano": str(NANOS + 2_000_000_000),
        "attributes": ATTRIBUTES,
        "status": {},
        **changes,
    }


def otlp(*spans: dict[str, Any]) -> dict[str, Any]:
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": list(spans)}]}]}


def tempo(*spans: dict[str, Any]) -> dict[str, Any]:
    return {"batches": [{"resource": {}, "instrumentationLibrarySpans": [{"spans": list(spans)}]}]}


BASE64 = {
    "traceId": "zE9+rPKKO6OTpRgGpi/r+A==",
    "spanId": "QON/QMx9eKU=",
    "parentSpanId": "8zAQMqKSGKA=",
    "kind": "SPAN_KIND_CLIENT",
}
COUNTED = [{**ATTRIBUTES[1], "value": {"intValue": 100}}, *ATTRIBUTES[:1], *ATTRIBUTES[2:]]
NUMBERS = {
    "attributes": COUNTED,
    "startTimeUnixNano": NANOS,
    "endTimeUnixNano": NANOS + 2_000_000_000,
}


@pytest.mark.parametrize(
    "document", [otlp(span()), tempo(span()), otlp(span(**BASE64)), otlp(span(**NUMBERS))]
)
def test_one_span(document: dict[str, Any]) -> None:
    (call,) = found_in(document, "otlp").calls
    assert (call.trace_id, call.span_id) == (span()["traceId"], span()["spanId"])
    assert call.parent_id == "f3301032a29218a0"
    assert (call.timestamp, call.latency_ms) == (NANOS // 1000, 2000.0)
    assert (call.input_tokens, call.output_tokens, call.finish) == (100, 20, "length")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({}, "ok"),
        ({"code": 0}, "ok"),
        ({"code": 1}, "ok"),
        ({"code": 2}, "error"),
        ({"code": "STATUS_CODE_ERROR", "message": "x"}, "error"),
        (None, "ok"),
    ],
)
def test_status(status: Any, expected: str) -> None:
    assert found_in(otlp(span(status=status)), "otlp").calls[0].status == expected


def test_an_exception_stands_in_an_event() -> None:
    exception = [{"key": "exception.type", "value": {"stringValue": "ReadTimeout"}}]
    events = [{"name": "exception", "attributes": exception}]
    call = found_in(otlp(span(events=events, status={"code": 2})), "otlp").calls[0]
    assert call.error_class == "ReadTimeout"


def test_messages_may_stand_in_an_event_of_their_own() -> None:
    value = {"stringValue": '[{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}]'}
    event = {
        "name": "gen_ai.client.inference.operation.details",
        "attributes": [{"key": "gen_ai.input.messages", "value": value}],
    }
    assert found_in(otlp(span(events=[event])), "otlp").calls[0].input_chars == 2


def test_a_root_has_no_parent_and_an_empty_document_no_spans() -> None:
    assert found_in(otlp(span(parentSpanId="")), "otlp").calls[0].parent_id is None
    assert found_in({"resourceSpans": []}, "otlp").rows() == []
