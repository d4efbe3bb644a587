"""Entries of a window, counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.backends.duckdb.audit import Identity, entries
from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.logs.llm.records import Event
from tests.backends.duckdb.test_llm_window import at, reading

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600
WINDOW = Window(datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(2 * HOUR, UTC))


def event(id_: str, kind: str, seconds: int, **more: Any) -> Event:
    return Event(id_, at(seconds), kind, source_file="a", **more)


def test_entries_of_a_window(tmp_path: Path) -> None:
    rows = [
        event("1", "x.made", 5, scopes="all"),
        event("1", "x.made", 5, scopes="all"),  # delivered twice
        event("2", "x.made", 6, status="error"),
        event("3", "x.gone", 7, status="started"),
        event("3", "x.gone", 8, status="ok"),  # the same, when it was done
        *(event(f"l{n}", "ListKey", 60 * n, actor="a") for n in range(3)),
        event("l9", "listKeys", HOUR + 60, actor="a"),
        event("4", "finish", 9, actor_kind="agent"),  # a step of an agent
        event("5", "x.late", 2 * HOUR),
    ]
    found = entries(connect(), [reading(tmp_path, rows)], WINDOW)
    assert found is not None
    assert found.n == 7
    assert found.counts == {
        ("ListKey", None): 3, ("listKeys", None): 1, ("x.gone", None): 1, ("x.made", "all"): 1,
    }  # fmt: skip
    assert found.keys_listed == 3


def test_a_log_that_ended_before_tells_nothing(tmp_path: Path) -> None:
    read = [reading(tmp_path, [event("1", "x.made", -5)])]
    assert entries(connect(), read, WINDOW) is None
    later = reading(tmp_path / "b", [event("1", "x.made", 9 * HOUR)])
    assert entries(connect(), [later], WINDOW) == (0, {}, 0, 0, 0)


def test_uses_of_an_agents_identity_from_elsewhere(tmp_path: Path) -> None:
    def used(id_: str, **more: Any) -> Event:
        return event(id_, "x.read", 5, **{"role": "agent", "ip": "here", **more})

    rows = [
        used("1"),
        used("2", ip="service"),
        used("3", ip="there"),
        used("4", ip="there", status="error"),  # an attempt that was refused
        used("5", ip=None),  # tells no place
        used("6", actor="bot", role=None, user_agent="Boto3/1.3 md"),
        used("7", actor="bot", role=None, user_agent="aws-cli/2"),
        used("8", actor="bot", role=None, user_agent=None),
        used("9", actor="somebody", role=None, ip="there", user_agent="aws-cli/2"),
    ]
    agents = [Identity("agent", ("here", "service")), Identity("bot", (), ("Boto3/", "Go/"))]
    found = entries(connect(), [reading(tmp_path, rows)], WINDOW, agents)
    assert found is not None
    # of 1 to 4, 6 and 7 it is known, and 3, 4 and 7 are foreign
    assert (found.n, found.used, found.foreign) == (9, 6, 3)


def test_of_both_declared_either_may_be_foreign(tmp_path: Path) -> None:
    rows = [
        event("1", "x", 5, actor="bot", ip="here", user_agent="Boto3/1"),
        event("2", "x", 5, actor="bot", ip="here", user_agent="aws-cli/2"),
        event("3", "x", 5, actor="bot", ip="there", user_agent="Boto3/1"),
        event("4", "x", 5, actor="bot", ip=None, user_agent="Boto3/1"),
    ]
    agents = [Identity("bot", ("here",), ("Boto3/",))]
    found = entries(connect(), [reading(tmp_path, rows)], WINDOW, agents)
    assert found is not None
    assert (found.used, found.foreign) == (4, 2)
