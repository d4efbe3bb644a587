"""Spans one by one, as CloudWatch keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.llm_records import call_in

NANOS = 1_787_297_955_670_945_879
ROW = {
    "traceId": "cc4f7eacf28a3ba393a51806a62febf8",
    "spanId": "40e37f40cc7d78a5",
    "parentSpanId": "f3301032a29218a0",
    "name": "chat",
    "kind": "CLIENT",
    "startTimeUnixNano": NANOS,
    "durationNano": 2_000_000_000,
    "attributes": {
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 63_568,
        "gen_ai.usage.prompt_tokens": 63_568,
    },
    "status": {"code": "OK"},
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"startTimeUnixNano": str(NANOS)},
        {"durationNano": None, "endTimeUnixNano": NANOS + 2_000_000_000},
        {"status": {"code": "UNSET"}},
    ],
)
def test_a_row(changes: dict[str, Any]) -> None:
    call = call_in({**ROW, **changes}, "span_rows")
    assert (call.timestamp, call.latency_ms) == (NANOS // 1000, 2000.0)
    assert (call.input_tokens, call.parent_id) == (63_568, "f3301032a29218a0")
    assert call.status == "ok"


def test_a_status_is_a_text() -> None:
    assert call_in({**ROW, "status": {"code": "ERROR"}}, "span_rows").status == "error"
