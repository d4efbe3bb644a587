"""Windows of calls and tasks whose rows lie in several readings and on both sides of an edge."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.llm_window import (
    Read,
    Wanted,
    bound,
    columns_of,
    drop,
    times_of,
    undated,
    write_window,
)
from monitoring_pipelines.logs.llm.records import Call, Event, Span, ToolCall
from monitoring_pipelines.logs.llm.spool import Spool
from tests.backends.duckdb.llm_rows import priced

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600
DAY = 24 * HOUR


def at(seconds: int) -> int:
    return seconds * 1_000_000


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def call(id_: str, seconds: int | None, file: str = "a", **more: Any) -> Call:
    moment_ = None if seconds is None else at(seconds)
    return Call(id_, moment_, source_file=file, status="ok", **more)


def reading(folder: Path, rows: list[Any]) -> Read:
    with Spool(folder) as spool:
        spool.add(rows)
    return Read(folder, tuple(sorted({row.source_file for row in rows})))


def window(
    reads: list[Read],
    columns: str,
    days: tuple[int, int] | None = (1, 2),
    reach: int = DAY,
    tools: tuple[str, ...] = (),
    *,
    tasks: bool = False,
) -> list[Any]:
    """Rows of the days from the first to before the second one."""
    connection = connect()
    within = (moment(days[0] * DAY), moment(days[1] * DAY)) if days else None
    wanted = Wanted(tasks, timedelta(seconds=reach), (priced, (1000,)), tools)
    write_window(connection, "w", reads, within, wanted)
    return connection.execute(f"SELECT {columns} FROM w ORDER BY ALL").fetchall()


def test_calls_of_the_window_and_no_others(tmp_path: Path) -> None:
    calls = [call("1", DAY - 1), call("2", DAY), call("3", 2 * DAY - 1), call("4", 2 * DAY)]
    read = reading(tmp_path / "r", [*calls, call("5", None)])
    assert window([read], "id") == [("2",), ("3",)]
    assert window([read], "id", None) == [(str(n),) for n in range(1, 6)]
    assert undated(connect(), [read]) == 1


def test_a_wrapper_before_midnight_and_its_call_after_it_count_once(tmp_path: Path) -> None:
    """The agent's span repeats the tokens of the call, which began in the next window."""
    told = {"trace_id": "t", "input_tokens": 70, "output_tokens": 7}
    wrapper = call("t:1", DAY - 60, span_id="1", operation="invoke_agent", is_total=True, **told)
    inner = call("t:2", DAY + 60, "b", span_id="2", parent_id="1", **told)
    places = [
        Span("t", "1", session_id="s", source_file="a"),
        Span("t", "2", "1", source_file="b"),
    ]
    one = reading(tmp_path / "one", [wrapper, places[0]])
    two = reading(tmp_path / "two", [inner, places[1]])
    assert window([one, two], "id, input_tokens", (0, 1)) == []
    # the session is named by the span in the other file
    assert window([one, two], "id, input_tokens, session_id") == [("t:2", 70, "s")]


def test_halves_of_a_record_in_two_files_are_one_call(tmp_path: Path) -> None:
    one = reading(tmp_path / "one", [call("c", DAY - 5, part=0, input_tokens=9)])
    two = reading(tmp_path / "two", [call("c", DAY + 5, "b", part=1, latency_ms=4.0)])
    assert window([one, two], "id, input_tokens, latency_ms", (0, 1)) == [("c", 9, 4.0)]
    assert window([one, two], "id") == []


def test_a_task_is_of_the_window_in_which_it_began_with_all_its_steps(tmp_path: Path) -> None:
    steps = [call(str(n), DAY - HOUR + n * HOUR, session_id="s", input_tokens=1) for n in range(4)]
    later = [call("x", DAY + HOUR, session_id="new"), call("y", 3 * DAY, session_id="new")]
    read = reading(tmp_path / "r", [*steps, *later])
    shown = "id, steps, input_tokens"
    assert window([read], shown, (0, 1), tasks=True) == [("s", 4, 4)]
    # two days later is out of reach: the session counts with what is within it
    assert window([read], shown, tasks=True) == [("new", 1, None)]
    assert window([read], shown, reach=3 * DAY, tasks=True) == [("new", 2, None)]


def test_a_session_is_followed_over_the_traces_that_its_spans_name(tmp_path: Path) -> None:
    rows = [
        call("1", DAY, trace_id="t1"),
        call("2", DAY + 9, trace_id="t2"),
        Span("t1", "a", session_id="s", source_file="a"),
        Span("t2", "b", session_id="s", source_file="a"),
        ToolCall(None, at(DAY + 5), "f", executed=True, trace_id="t2", source_file="a"),
        Event("e", at(DAY + 9), "failure", session_id="s", source_file="a"),
    ]
    read = reading(tmp_path / "r", rows)
    told = "id, steps, tool_calls, failures, state"
    assert window([read], told, tasks=True) == [("s", 2, 1, 1, "failed")]


def test_rows_of_a_file_that_no_longer_counts_are_left_out(tmp_path: Path) -> None:
    read = reading(tmp_path / "r", [call("1", DAY), call("2", DAY, "b")])
    assert window([Read(read.folder, ("b",))], "id") == [("2",)]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"status": "ok"}, "none"),
        ({"status": None}, None),
        ({"http_status": 429}, "rate_limit"),
        ({"error_class": "ThrottlingException"}, "rate_limit"),
        ({"error_class": "timeout"}, "timeout"),
        ({"http_status": 403}, "auth"),
        ({"error_class": "AccessDeniedException"}, "auth"),
        ({"finish": "content_filter", "http_status": 400}, "content_filter"),
        ({"http_status": 503}, "server"),
        ({"error_class": "ValidationException"}, "other"),
    ],
)
def test_what_a_call_failed_of(tmp_path: Path, more: dict[str, Any], kind: str | None) -> None:
    failed = Call("1", at(DAY), source_file="a", **{"status": "error", **more})
    assert window([reading(tmp_path / "r", [failed])], "error_kind") == [(kind,)]


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"output_chars": 5, "output_hash": "h"}, "own"),
        ({"output_chars": 0}, "empty"),
        ({"output_chars": 0, "tools_called": 1, "finish": "tool_calls"}, "own"),
        ({"output_chars": 0, "refusal": True}, "own"),
        ({}, None),
    ],
)
def test_what_an_answer_is(tmp_path: Path, more: dict[str, Any], answer: str | None) -> None:
    assert window([reading(tmp_path / "r", [call("1", DAY, **more)])], "answer") == [(answer,)]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"finish": "stop", "refusal": False}, ("stop", False)),
        ({"finish": "stop"}, ("stop", False)),
        ({"finish": "refusal"}, ("refusal", True)),
        ({"refusal": True}, (None, True)),
        # a call that failed has no answer
        ({"finish": "error", "status": "error"}, (None, None)),
        ({"finish": "content_filter", "status": "error"}, ("content_filter", False)),
    ],
)
def test_how_an_answer_ended(
    tmp_path: Path, more: dict[str, Any], told: tuple[str | None, bool | None]
) -> None:
    rows = [Call("1", at(DAY), source_file="a", **{"status": "ok", **more})]
    assert window([reading(tmp_path / "r", rows)], "ending, is_refused") == [told]


def test_an_answer_that_was_given_before_is_repeated(tmp_path: Path) -> None:
    same = {"output_chars": 5, "output_hash": "h"}
    read = reading(tmp_path / "r", [call(str(n), DAY + n, **same) for n in range(3)])
    assert window([read], "id, answer") == [("0", "own"), ("1", "repeated"), ("2", "repeated")]


@pytest.mark.parametrize(
    ("more", "guardrail"),
    [
        ({"guardrail_action": "masked", "guardrail_verdict": "detected"}, "masked"),
        ({"guardrail_action": "none", "guardrail_verdict": "detected"}, "detected"),
        ({"guardrail_verdict": "clear"}, "clear"),
        ({}, None),
    ],
)
def test_what_a_guardrail_did(tmp_path: Path, more: dict[str, Any], guardrail: str | None) -> None:
    read = reading(tmp_path / "r", [call("1", DAY, **more)])
    assert window([read], "guardrail") == [(guardrail,)]


@pytest.mark.parametrize(
    ("last", "state"),
    [
        ({"finish": "stop"}, "ended"),
        ({"finish": "error"}, "failed"),
        ({"finish": "length"}, "failed"),
        ({"finish": "tool_calls"}, "unfinished"),
    ],
)
def test_how_a_task_ended_is_told_by_its_last_call(
    tmp_path: Path, last: dict[str, Any], state: str
) -> None:
    calls = [call("1", DAY, session_id="s", finish="error"), call("2", DAY + 5, session_id="s")]
    for name, value in last.items():
        setattr(calls[1], name, value)
    assert window([reading(tmp_path / "r", calls)], "state", tasks=True) == [(state,)]


def test_a_tool_that_is_not_on_the_list(tmp_path: Path) -> None:
    rows: list[Any] = []
    for session, names in (("a", ["f", "g"]), ("b", ["f", "x'); DROP TABLE tools; --"])):
        rows.append(call(session, DAY, session_id=session))
        rows += [
            ToolCall(None, at(DAY), name, n, True, session_id=session, source_file="a")
            for n, name in enumerate(names)
        ]
    read = reading(tmp_path / "r", rows)
    told = "id, uses_other_tools"
    assert window([read], told, tools=("f", "g"), tasks=True) == [("a", False), ("b", True)]
    assert window([read], told, tools=("f", "it's"), tasks=True) == [("a", True), ("b", True)]
    assert window([read], told, tasks=True) == [("a", None), ("b", None)]


def test_calls_of_each_tool_and_how_many_failed(tmp_path: Path) -> None:
    told = {"source_file": "a", "session_id": "s", "executed": True}
    rows: list[Any] = [call("1", DAY, session_id="s")]
    rows += [
        ToolCall(None, at(DAY), name, n, ok=ok, **told)
        for n, (name, ok) in enumerate([("f", True), ("f", False), ("g", True), ("h", None)])
    ]
    ((found,),) = window([reading(tmp_path / "r", rows)], "tool_counts", tasks=True)
    # nobody knows how h went
    assert found == [{"name": "f", "n": 2, "hits": 1}, {"name": "g", "n": 1, "hits": 0}]


def test_categories_of_guarded_calls(tmp_path: Path) -> None:
    rows = [
        call("1", DAY, guardrail_verdict="detected", guardrail_categories="pii_email topic"),
        call("2", DAY, guardrail_verdict="clear"),
        call("3", DAY),
    ]
    found = window([reading(tmp_path / "r", rows)], "id, category_counts")
    guarded = {"name": "", "n": 1, "hits": 0}
    seen = [{"name": name, "n": 0, "hits": 1} for name in ("pii_email", "topic")]
    assert found == [("1", [guarded, *seen]), ("2", [guarded]), ("3", None)]


def test_the_times_of_each_file(tmp_path: Path) -> None:
    rows = [call("1", DAY), call("2", 2 * DAY), call("3", None, "b"), call("4", 5, "c")]
    read = reading(tmp_path / "r", rows)
    assert times_of(connect(), read.folder) == {
        "a": (moment(DAY), moment(2 * DAY)),
        "c": (moment(5), moment(5)),
    }


def test_a_window_is_freed(tmp_path: Path) -> None:
    connection = connect()
    read = reading(tmp_path / "r", [call("1", DAY)])
    wanted = Wanted(tasks=False, reach=timedelta(0), prices=(priced, (1000,)))
    write_window(connection, 'a "name"', [read], None, wanted)
    assert columns_of(connection, 'a "name"')["error_kind"] == "VARCHAR"
    drop(connection, 'a "name"')
    assert (
        connection.execute("FROM duckdb_tables() WHERE table_name = 'a \"name\"'").fetchall() == []
    )


def test_windows_spill_beyond_a_bound_into_a_folder_that_goes(tmp_path: Path) -> None:
    spill = tmp_path / "new" / "spill"
    with closing(connect()) as connection:
        bound(connection, spill)
        connection.execute("SET memory_limit = '64MB'")
        connection.execute("CREATE TEMP TABLE big AS SELECT hash(range)::VARCHAR AS x "
                           "FROM range(4_000_000)")  # fmt: skip
        assert [*spill.iterdir()]
        bound(connection, spill)  # a second source of one connection, such as a reference
        assert connection.execute("SELECT count(*) FROM big").fetchone() == (4_000_000,)
    assert not spill.exists()
