"""One row per task: steps, tools, repeats, sums and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.logs.llm.records import Call, Event, Span, ToolCall
from tests.backends.duckdb.llm_rows import derived, table

if TYPE_CHECKING:
    from pathlib import Path

SECOND = 1_000_000


def call(id_: str, at: int | None = 0, session: str | None = "s", **more: Any) -> Call:
    return Call(id_, None if at is None else at * SECOND, session_id=session, **more)


def tool(ord_: int, args: str, name: str = "f", **more: Any) -> ToolCall:
    given = {"executed": True, "session_id": "s", "tool_call_id": f"c{ord_}", **more}
    return ToolCall(None, None, name, ord=ord_, args_hash=args, **given)


def test_sums_of_a_session(tmp_path: Path) -> None:
    rows = [
        call("1", 10, model="m", input_tokens=10, output_tokens=2, latency_ms=1500.0),
        call("2", 14, model="x", input_tokens=5, output_tokens=1, latency_ms=500.0, status="error"),
        call("3", 12, finish="length", refusal=True, guardrail_action="masked"),
        call("4", 12, operation="guardrail"),
        call("5", 99, session="other"),
    ]
    connection = derived(tmp_path, rows)
    counts = table(connection, "tasks", "id", "steps", "input_tokens", "output_tokens")
    assert counts == [("other", 1, None, None), ("s", 3, 15, 3)]
    # 10 at 3 dollars and 2 at 5; from second 10 to half a second after 14
    sums = table(connection, "tasks", "cost_usd", "unpriced", "duration_ms")
    assert sums[1] == (40.0, 1, 4500.0)
    bad = table(connection, "tasks", "errors", "refusals", "truncated", "guarded")
    assert bad[1] == (1, 1, 1, 1)


def test_a_call_of_no_session_is_of_its_trace_or_of_no_task(tmp_path: Path) -> None:
    rows = [call("1", session=None, trace_id="t"), call("2", session=None)]
    assert table(derived(tmp_path, rows), "tasks", "id", "steps") == [("t", 1)]


def test_the_same_call_delivered_twice_counts_once(tmp_path: Path) -> None:
    rows = [call("1", input_tokens=5), call("1", input_tokens=5)]
    assert table(derived(tmp_path, rows), "tasks", "steps", "input_tokens") == [(1, 5)]


@pytest.mark.parametrize(
    ("args", "repeats", "loop"),
    [("abc", 1, False), ("aab", 2, False), ("aaba", 3, True), ("ababab", 3, True)],
)
def test_a_loop_is_the_same_call_three_times(
    tmp_path: Path, args: str, repeats: int, loop: bool
) -> None:
    rows = [call("1"), *(tool(ord_, one) for ord_, one in enumerate(args))]
    connection = derived(tmp_path, rows)
    assert table(connection, "tasks", "repeats", "is_loop", "tool_calls") == [
        (repeats, loop, len(args))
    ]


@pytest.mark.parametrize(
    ("answers", "same", "loop"),
    [
        ("abc", 1, False),
        ("aab", 2, False),
        ("abcaa", 3, True),
        ("ababab", 3, True),
    ],
)
def test_a_loop_is_the_same_long_answer_three_times(
    tmp_path: Path, answers: str, same: int, loop: bool
) -> None:
    rows = [
        call(str(n), n, output_hash=one, output_chars=100, trace_id="t")
        for n, one in enumerate(answers)
    ]
    assert table(derived(tmp_path, rows), "tasks", "same_answers", "is_loop") == [(same, loop)]


def test_short_answers_and_those_of_several_turns_are_no_loop(tmp_path: Path) -> None:
    told = {"output_hash": "a", "output_chars": 99}
    rows = [call(str(n), n, **told) for n in range(3)]
    told = {"output_hash": "b", "output_chars": 400}
    # what a service says to each question that is none of its subject, turn by turn
    rows += [call(f"turn{n}", n, trace_id=f"t{n}", **told) for n in range(3)]
    # one that was delivered three times, and what wraps the calls or checks them
    rows += [call("once", 9, **told), call("once", 9, **told), call("once", 9, **told)]
    rows += [call(f"total{n}", 9, is_total=True, **told) for n in range(3)]
    rows += [call(f"guard{n}", 9, operation="guardrail", **told) for n in range(3)]
    assert table(derived(tmp_path, rows), "tasks", "same_answers", "is_loop") == [(1, False)]


def test_equal_arguments_of_two_tools_are_no_repetition(tmp_path: Path) -> None:
    rows = [call("1"), tool(0, "a", "f"), tool(1, "a", "g")]
    assert table(derived(tmp_path, rows), "tasks", "repeats", "tools") == [(1, 2)]


def test_tools_that_were_run_count_and_not_also_those_asked_for(tmp_path: Path) -> None:
    asked = ToolCall("1", None, "f", session_id="s", tool_call_id="c0", args_hash="a")
    run = tool(0, "a", ok=False)
    assert table(derived(tmp_path, [call("1"), asked]), "tasks", "tool_calls") == [1]
    connection = derived(tmp_path, [call("1"), asked, run])
    assert table(connection, "tasks", "tool_calls", "tool_errors", "repeats") == [(1, 1, 1)]


def test_the_end_of_a_run(tmp_path: Path) -> None:
    rows = [
        call("1"),
        Event("e1", None, "reprompt", session_id="s"),
        Event("e2", None, "outcome", session_id="s", status="failed"),
    ]
    connection = derived(tmp_path, rows)
    assert table(connection, "tasks", "outcome", "reprompts", "failures") == [("failed", 1, 0)]


def test_a_run_that_ended_before_its_first_step_is_a_task(tmp_path: Path) -> None:
    rows = [Event("e", None, "outcome", session_id="s", status="early_exit")]
    connection = derived(tmp_path, rows)
    assert table(connection, "tasks", "steps", "tool_calls", "outcome") == [(0, 0, "early_exit")]


def test_no_calls_are_no_tasks(tmp_path: Path) -> None:
    assert table(derived(tmp_path, []), "tasks", "id") == []


def nested(*agents: str | None, trace: str = "t", session: str | None = None) -> list[Any]:
    """A chain of spans, one below the other, of these agents; the lowest is a call of a model."""
    names = [f"{trace}{depth}" for depth in range(len(agents))]
    parents = [None, *names]
    rows: list[Any] = [
        Span(trace, name, parent, session, agent)
        for name, parent, agent in zip(names, parents, agents, strict=False)
    ]
    told = {"trace_id": trace, "span_id": names[-1], "parent_id": parents[len(names) - 1]}
    return [*rows, call(f"{trace}:{names[-1]}", session=session, agent=agents[-1], **told)]


@pytest.mark.parametrize(
    ("agents", "depth", "fan_out"),
    [
        ((None, None), None, None),
        ((None, "a", None), 1, 0),
        # a span that repeats the name of its agent is no further agent
        (("a", "a", None, "a"), 1, 0),
        (("a", None, "b", "b"), 2, 1),
        (("a", None, "b", None, "a", None), 3, 1),
        (("a", "b", "c", "d"), 4, 1),
    ],
)
def test_how_deep_agents_call_one_another(
    tmp_path: Path, agents: tuple[str | None, ...], depth: int | None, fan_out: int | None
) -> None:
    connection = derived(tmp_path, nested(*agents))
    assert table(connection, "tasks", "delegation_depth", "fan_out") == [(depth, fan_out)]


def test_how_many_agents_one_agent_called(tmp_path: Path) -> None:
    # a calls b, c and d, c twice; b calls e: in two traces of one session
    rows = [
        *nested("a", "b", "e", trace="1", session="s"),
        *nested("a", "b", trace="2", session="s"),
        *nested("a", "c", trace="3", session="s"),
        *nested("a", "c", trace="4", session="s"),
        *nested("a", "d", trace="5", session="s"),
    ]
    found = table(derived(tmp_path, rows), "tasks", "n_agents", "delegation_depth", "fan_out")
    # only e, b, c and d called a model
    assert found == [(4, 3, 3)]


def test_a_name_with_a_blank_is_one_agent(tmp_path: Path) -> None:
    rows = [call("1", agent="agent_run [hello]"), call("2", agent="agent_run [hello]")]
    assert table(derived(tmp_path, rows), "tasks", "n_agents", "delegation_depth") == [(1, 1)]


def test_a_chain_of_callers_that_the_log_tells(tmp_path: Path) -> None:
    rows = [
        call("1", agent="boss", agent_depth=1),
        call("2", agent="b", agent_depth=2, caller="boss"),
        call("3", agent="c", agent_depth=2, caller="boss"),
    ]
    found = table(derived(tmp_path, rows), "tasks", "delegation_depth", "fan_out")
    assert found == [(2, 2)]
