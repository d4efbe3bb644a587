"""Each call counts once: nested spans, halves, what a wrapper repeats; and its price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.backends.duckdb.llm_calls import overclaimed
from monitoring_pipelines.logs.llm.records import Call, Span, ToolCall
from tests.backends.duckdb.llm_rows import derived, table

if TYPE_CHECKING:
    from pathlib import Path


def span(name: str, parent: str | None, tokens: int | None = None, **more: Any) -> list[Any]:
    """A span of a trace, with a call if it has tokens or is said to be one."""
    place = Span("t", name, parent, more.pop("session_id", None), more.pop("agent", None))
    if tokens is None and "call" not in more:
        return [place]
    more.pop("call", None)
    call = Call(f"t:{name}", 0, trace_id="t", span_id=name, parent_id=parent, **more)
    call.input_tokens = tokens
    return [place, call]


def test_usage_counts_at_the_deepest_span_that_has_it(tmp_path: Path) -> None:
    # as Strands and kagent nest them: 3 spans tell of one call, and one between them of none
    rows = [
        *span("agent", None, 100, is_total=True),
        *span("loop", "agent"),
        *span("call_llm", "loop", 60),
        *span("openai.chat", "call_llm", 60),
        *span("second", "loop", 40),
    ]
    connection = derived(tmp_path, rows)
    assert table(connection, "calls", "id") == ["t:openai.chat", "t:second"]
    assert table(connection, "tasks", "input_tokens") == [100]


def test_usage_that_only_the_agents_span_has_counts_there(tmp_path: Path) -> None:
    rows = [
        *span("agent", None, 100, is_total=True, operation="invoke_agent"),
        *span("chat", "agent", call=True),
    ]
    connection = derived(tmp_path, rows)
    assert table(connection, "calls", "id", "input_tokens") == [("t:agent", 100), ("t:chat", None)]
    # one call of a model, though two rows tell of it
    assert table(connection, "tasks", "steps", "input_tokens") == [(1, 100)]


def test_a_failed_attempt_inside_of_a_wrapper_that_succeeded_counts(tmp_path: Path) -> None:
    rows = [
        *span("call_llm", None, 60),
        *span("first", "call_llm", call=True, status="error"),
        *span("second", "call_llm", 60),
    ]
    connection = derived(tmp_path, rows)
    assert table(connection, "calls", "id") == ["t:first", "t:second"]


def test_a_wrapper_of_a_failed_call_is_not_another_failure(tmp_path: Path) -> None:
    rows = [*span("outer", None, call=True), *span("inner", "outer", call=True)]
    assert table(derived(tmp_path, rows), "calls", "id") == ["t:inner"]


def test_spans_of_a_trace_may_come_in_any_order_and_twice(tmp_path: Path) -> None:
    rows = [*span("inner", "outer", 60), *span("outer", None, 60)]
    connection = derived(tmp_path, [*rows, *rows])
    assert set(table(connection, "calls", "id")) == {"t:inner"}
    assert table(connection, "tasks", "steps", "input_tokens") == [(1, 60)]


def test_a_missing_root_and_a_circle_do_no_harm(tmp_path: Path) -> None:
    rows = [*span("a", "b", 5), *span("b", "a"), *span("c", "nobody", 7)]
    assert table(derived(tmp_path, rows), "calls", "input_tokens") == [5, 7]


def test_equal_span_ids_of_two_traces_are_two_spans(tmp_path: Path) -> None:
    other = Call("u:inner", 0, trace_id="u", span_id="inner", parent_id="outer", input_tokens=9)
    rows = [*span("outer", None, 60), other]
    assert table(derived(tmp_path, rows), "calls", "id") == ["t:outer", "u:inner"]


def test_a_wrapper_that_claims_more_is_told(tmp_path: Path) -> None:
    rows = [*span("agent", None, 100), *span("chat", "agent", 60), *span("more", "agent", 30)]
    connection = derived(tmp_path, rows)
    assert overclaimed(connection) == [("t", "agent", 100, 90)]
    rows = [*span("agent", None, 90), *span("chat", "agent", 60), *span("more", "agent", 30)]
    assert overclaimed(derived(tmp_path, rows)) == []


def test_session_and_agent_are_those_of_the_nearest_span_that_names_them(tmp_path: Path) -> None:
    rows = [
        *span("root", None, session_id="s-1", agent="boss"),
        *span("helper", "root", agent="helper"),
        *span("chat", "helper", 5),
        *span("other", "root", 5),
    ]
    connection = derived(tmp_path, rows)
    assert table(connection, "calls", "id", "session_id", "agent") == [
        ("t:chat", "s-1", "helper"),
        ("t:other", "s-1", "boss"),
    ]


def test_halves_of_a_call_are_one(tmp_path: Path) -> None:
    rows = [
        Call("c", 2_000_000, part=0, model="m", input_chars=10),
        Call("c", 1_000_000, part=1, input_tokens=5, output_tokens=2, status="ok"),
        Call("c", 1_000_000, part=1, input_tokens=5, output_tokens=2, status="ok"),
    ]
    connection = derived(tmp_path, rows)
    assert table(
        connection, "calls", "model", "input_tokens", "output_tokens", "input_chars", "status"
    ) == [("m", 5, 2, 10, "ok")]
    # priced after they were put together: 5 times 3 and 2 times 5
    assert table(connection, "calls", "cost_usd", "price_status") == [(25.0, "priced")]
    assert table(connection, "calls", "epoch(timestamp)") == [1.0]


def test_rows_of_a_long_message_add_up_and_their_tokens_do_not(tmp_path: Path) -> None:
    rows = [
        Call("c", 0, part=0, input_tokens=100, input_chars=32),
        Call("c", 0, part=1, input_tokens=100, input_chars=32),
        # the gateway's own row of the same request
        Call("c", 0, part=-1, input_tokens=100, input_chars=64, ip="hash", output_valid=False),
    ]
    connection = derived(tmp_path, rows)
    assert table(connection, "calls", "input_tokens", "input_chars", "ip") == [(100, 64, "hash")]
    assert table(connection, "calls", "output_valid") == [False]


def test_halves_of_a_tool_call_are_one(tmp_path: Path) -> None:
    rows = [
        ToolCall("t-0", 0, "add", executed=True, tool_call_id="t-0", args_hash="h", part=0),
        ToolCall("t-0", 5, "", executed=True, tool_call_id="t-0", ok=True, part=1),
    ]
    connection = derived(tmp_path, rows)
    assert table(connection, "tools", "tool", "args_hash", "ok") == [("add", "h", True)]


def test_what_a_wrapper_asked_for_counts_once(tmp_path: Path) -> None:
    asked = {"trace_id": "t", "tool_call_id": "c1"}
    rows = [
        *span("outer", None, 60),
        *span("inner", "outer", 60, session_id="s"),
        ToolCall("t:outer", 0, "weather", **asked),
        ToolCall("t:inner", 0, "weather", **asked),
    ]
    connection = derived(tmp_path, rows)
    assert table(connection, "tools", "call_id", "session_id") == [("t:inner", "s")]


@pytest.mark.parametrize(
    ("call", "cost", "status"),
    [
        # 100 new at 3, 800 from the cache at 1, 100 into it at 4, 10 answered at 5
        (
            {
                "model": "m",
                "input_tokens": 1000,
                "cache_read_tokens": 800,
                "cache_write_tokens": 100,
                "output_tokens": 10,
            },
            300 + 800 + 400 + 50,
            "priced",
        ),
        # a long prompt is ten times as dear
        ({"model": "m", "input_tokens": 1001}, 30_030, "priced"),
        ({"model_requested": "m", "output_tokens": 2}, 10, "priced"),
        ({"model": "m", "input_tokens": 0, "output_tokens": 0}, 0, "priced"),
        ({"model": "other", "input_tokens": 5}, None, "unpriced"),
        ({"model": "m", "input_tokens": 5, "tier": "flex"}, None, "unpriced"),
        ({"model": "m"}, None, "no_tokens"),
        # more was cached than there was: nothing is given back
        ({"model": "m", "input_tokens": 5, "cache_read_tokens": 7}, 7, "priced"),
    ],
)
def test_price(tmp_path: Path, call: dict[str, Any], cost: float | None, status: str) -> None:
    connection = derived(tmp_path, [Call("c", 0, **call)])
    assert table(connection, "calls", "cost_usd", "price_status") == [(cost, status)]
