"""Small tables as logs of the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.log import Log, open_batches, time_column
from monitoring_pipelines.backends.duckdb.rows import Rows, select_rows

if TYPE_CHECKING:
    import duckdb


def log_of(
    columns: dict[str, Any],
    *,
    time: str | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
    view: str = "log",
) -> Log:
    """A log of Arrow-typed or plain Python columns."""
    table = pa.table(columns)
    log = open_batches(connection or connect(), view, "here", table.schema, table.to_batches())
    return replace(log, time=time_column(log, time, UTC)) if time else log


def rows_of(columns: dict[str, Any], **more: Any) -> Rows:
    """All rows of a log."""
    return select_rows(log_of(columns, **more), None, None)
