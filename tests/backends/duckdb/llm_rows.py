"""Rows as a reader writes them, for the tests of what is derived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.llm_calls import view_tables, write_calls
from monitoring_pipelines.backends.duckdb.llm_tasks import write_tasks
from monitoring_pipelines.logs.llm.spool import Spool

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb


def priced(
    provider: str | None, models: tuple[str | None, ...], tier: str | None, tokens: int
) -> tuple[float, float, float, float] | None:
    """A list of one model: 3 dollars a token, 1 from the cache, 4 into it, 5 for answers."""
    if "m" not in models or tier == "flex":
        return None
    return (30.0, 10.0, 40.0, 50.0) if tokens > 1000 else (3.0, 1.0, 4.0, 5.0)


def derived(folder: Path, rows: list[Any]) -> duckdb.DuckDBPyConnection:
    """A connection with the tables that are derived of `rows`."""
    with Spool(folder) as spool:
        spool.add(rows)
    connection = connect()
    view_tables(connection, folder)
    write_calls(connection, priced, (1000,))
    write_tasks(connection)
    return connection


def table(connection: duckdb.DuckDBPyConnection, name: str, *columns: str) -> list[Any]:
    """Rows of a table, by id; values alone if one column is asked for."""
    chosen = ", ".join(columns)
    order = "tool_call_id, call_id, ord" if name == "tools" else "id"
    rows = connection.execute(f"SELECT {chosen} FROM {name} ORDER BY {order}").fetchall()
    return [row[0] for row in rows] if len(columns) == 1 else rows
