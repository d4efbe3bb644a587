"""Entries of a window, counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.backends.duckdb.audit import entries
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
    assert entries(connect(), [later], WINDOW) == (0, {}, 0)
