"""What tasks did with their tools, by a table of short stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.llm_behaviour import Toolbox, new_places
from monitoring_pipelines.backends.duckdb.llm_window import Wanted, source, write_window
from monitoring_pipelines.logs.llm.records import Call, ToolCall
from tests.backends.duckdb.llm_rows import priced
from tests.backends.duckdb.test_llm_window import DAY, at, moment, reading

if TYPE_CHECKING:
    from pathlib import Path

TOOLBOX = Toolbox(decoys=("root_shell",), requires_approval=("refund",), approvals=("ask_human",))


def said(seconds: int, user: str | None = None, tool: str | None = None) -> Call:
    call = Call(f"c{seconds}", at(seconds), status="ok", session_id="s", source_file="a")
    call.user_places, call.tool_places = user, tool
    return call


def used(seconds: int, tool: str, to: str | None = None, gave: str | None = None,
         **more: Any) -> ToolCall:  # fmt: skip
    found = ToolCall(None, at(seconds), tool, session_id="s", source_file="a", executed=True)
    found.destinations, found.result_places, found.span_id = to, gave, f"{tool}{seconds}"
    for name, value in more.items():
        setattr(found, name, value)
    return found


def asked(seconds: int, tool: str, to: str) -> ToolCall:
    """A tool that a model asked for."""
    return used(seconds, tool, to, executed=False, call_id=f"c{seconds}")


def told(folder: Path, rows: list[Any]) -> tuple[bool, bool | None, bool | None, int]:
    connection = connect()
    wanted = Wanted(True, moment(DAY) - moment(0), (priced, ()), (), TOOLBOX)
    write_window(connection, "w", [reading(folder, rows)], (moment(0), moment(DAY)), wanted)
    columns = "uses_decoy, sends_tainted, is_unapproved, sends"
    (found,) = connection.execute(f"SELECT {columns} FROM w").fetchall()
    return found  # type: ignore[no-any-return]


EVIL, ANA = "h.evil", "e.ana d.bank"
STORIES: dict[str, tuple[list[Any], tuple[bool, bool | None, bool | None, int]]] = {
    "a place that only a tool gave": (
        [said(1, ""), used(2, "read_page", gave=EVIL), used(3, "send_file", to=EVIL)],
        (False, True, None, 1),
    ),
    "a place that the user had named": (
        [said(1, EVIL), used(2, "read_page", gave=EVIL), used(3, "send_file", to=EVIL)],
        (False, False, None, 1),
    ),
    "named only afterwards": (
        [said(1, ""), used(2, "read", gave=EVIL), used(3, "send_file", to=EVIL), said(4, EVIL)],
        (False, True, None, 1),
    ),
    "the tool that sends tells its own place back": (
        [said(1, ""), used(2, "send_file", to=EVIL, gave=EVIL)],
        (False, False, None, 1),
    ),
    "and is used again": (
        [said(1, ""), used(2, "read", gave=""), used(3, "send_file", to="h.x", gave="h.y")],
        (False, False, None, 1),
    ),
    "only the domain of an address is in what a tool gave": (
        [said(1, ""), used(2, "read", gave="h.bank e.bo d.bank"), used(3, "send_email", to=ANA)],
        (False, False, None, 1),
    ),
    "the result comes after what is sent": (
        [said(1, ""), used(2, "send_file", to=EVIL), used(3, "read", gave=EVIL)],
        (False, False, None, 1),
    ),
    "a slow tool has not answered yet": (
        [said(1, ""), used(2, "read", gave=EVIL, latency_ms=5e3), used(3, "send", to=EVIL)],
        (False, False, None, 1),
    ),
    "the history of a chat tells it": (
        [said(1, ""), said(3, "", EVIL), asked(3, "send_file", EVIL)],
        (False, True, None, 1),
    ),
    "a tool that only reads": (
        [said(1, ""), used(2, "search", gave=EVIL), used(3, "fetch_page", to=EVIL)],
        (False, None, None, 0),
    ),
    "nobody knows who said what": (
        [said(1), used(2, "read", gave=EVIL), used(3, "send_file", to=EVIL)],
        (False, None, None, 1),
    ),
    "nobody knows what tools gave back": (
        [said(1, ""), used(2, "read"), used(3, "send_file", to=EVIL)],
        (False, None, None, 1),
    ),
    "a decoy": ([said(1), used(2, "root_shell")], (True, None, None, 0)),
    "an approval before": (
        [said(1), used(2, "ask_human", ok=True), used(3, "refund")],
        (False, None, False, 0),
    ),
    "an approval afterwards": (
        [said(1), used(2, "refund"), used(3, "ask_human", ok=True)],
        (False, None, True, 0),
    ),
    "an approval that was refused": (
        [said(1), used(2, "ask_human", ok=False), used(3, "refund")],
        (False, None, True, 0),
    ),
    "what was asked for and never run": (
        [said(1), asked(1, "refund", ""), used(2, "look")],
        (False, None, None, 0),
    ),
}


@pytest.mark.parametrize("story", list(STORIES))
def test_what_a_task_did(story: str, tmp_path: Path) -> None:
    rows, expected = STORIES[story]
    assert told(tmp_path, rows) == expected


@pytest.mark.parametrize(
    ("tool", "sends"),
    [
        ("send_email", True), ("gmail__send_email", True), ("sendMessage", True), ("email", True),
        ("slack.post_message", True), ("mcp__files__upload", True), ("share_file", True),
        ("read_email", False), ("get_messages", False), ("search_posts", False), ("fetch", False),
        ("list_senders", False), ("get_text", False), ("resend", False), ("calculator", False),
    ],
)  # fmt: skip
def test_tools_that_say_that_they_send(tool: str, sends: bool) -> None:
    sql = f"SELECT {Toolbox().sends} FROM (SELECT ? AS tool)"
    assert connect().execute(sql, [tool]).fetchall() == [(sends,)]
    named = Toolbox(egress=("fetch",)).sends
    assert connect().execute(f"SELECT {named} FROM (SELECT 'fetch' AS tool)").fetchall() == [
        (True,)
    ]


def test_places_that_are_new(tmp_path: Path) -> None:
    rows = [
        used(5, "send_email", to="e.ana d.bank"),
        used(6, "read", to="h.seen"),  # it sends nothing
        used(DAY + 1, "send_email", to="e.bo d.bank"),  # another person of a known place
        used(DAY + 2, "post", to="h.bank h.new"),
        used(DAY + 3, "post", to="h.new h.seen"),
        used(2 * DAY + 1, "post", to="h.late"),
    ]
    calls = source("tool_calls", [reading(tmp_path, rows)])
    days = [moment(0), moment(DAY), moment(2 * DAY)]
    assert new_places(connect(), calls, TOOLBOX, days) == 2
    # before the first day there was nothing to compare with
    earlier = [moment(-DAY), moment(0), moment(DAY)]
    assert new_places(connect(), calls, TOOLBOX, earlier) is None
