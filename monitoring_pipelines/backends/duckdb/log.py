"""A log as a DuckDB view, with its timestamps understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.backends.duckdb.connection import identifier, literal, readable
from monitoring_pipelines.domain.timestamps import (
    Raw,
    TimestampKind,
    epoch_kind,
    is_fixed,
    raw_bounds,
)
from monitoring_pipelines.errors import MissingColumnError, SourceUnreadableError, TimestampError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    import duckdb
    import pyarrow as pa

    from monitoring_pipelines.domain.files import FileSet
    from monitoring_pipelines.domain.window import Window

_READERS = {
    "parquet": "read_parquet([{paths}], union_by_name=true, hive_partitioning={hive})",
    # types are judged on whole files: a text in line 1,000,000 is a finding, not a crash
    "csv": "read_csv([{paths}], union_by_name=true, hive_partitioning={hive}, sample_size=-1)",
    "jsonl": "read_json([{paths}], format='newline_delimited', union_by_name=true, "
    "hive_partitioning={hive}, sample_size=-1)",
}


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """A column that tells when a row happened. `zone` is that of values which carry none."""

    name: str
    kind: TimestampKind
    zone: tzinfo

    def instant(self, value: str | None = None) -> str:
        """SQL of the instant (TIMESTAMPTZ) in the column, or in the SQL expression `value`."""
        raw = value or identifier(self.name)
        zone = literal(str(self.zone))
        if self.kind is TimestampKind.AWARE:
            return raw
        if self.kind in {TimestampKind.NAIVE, TimestampKind.DATE}:
            return f"timezone({zone}, {raw}::TIMESTAMP)"
        if self.kind is TimestampKind.TEXT:
            offset = r"'\d\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)$'"
            return (
                f"CASE WHEN regexp_matches({raw}, {offset}) THEN TRY_CAST({raw} AS TIMESTAMPTZ) "
                f"ELSE timezone({zone}, TRY_CAST({raw} AS TIMESTAMP)) END"
            )
        micros = f"({raw} * {1_000_000 / self.kind.per_second!r})::BIGINT"
        if self.kind is TimestampKind.NANOSECONDS:
            micros = f"({raw} // 1000)::BIGINT"
        return f"timezone('UTC', make_timestamp({micros}))"

    def within(self, window: Window) -> str:
        """SQL condition for the rows of `window`, with bounds on the raw column where it can be."""
        bounds = raw_bounds(window, self.kind, self.zone)
        name, conditions = identifier(self.name), []
        if bounds is not None:
            conditions += [f"{name} >= {_constant(bounds[0])}", f"{name} < {_constant(bounds[1])}"]
        fixed = self.kind is TimestampKind.NAIVE and is_fixed(self.zone)
        if not fixed and self.kind in _LOCAL:
            start, end = _constant(window.utc.start), _constant(window.utc.end)
            conditions += [f"{self.instant()} >= {start}", f"{self.instant()} < {end}"]
        return " AND ".join(conditions)


_LOCAL = {TimestampKind.NAIVE, TimestampKind.DATE, TimestampKind.TEXT}


def _constant(value: Raw) -> str:
    """SQL of one of our own bounds; the types leave no room for anything else."""
    if isinstance(value, datetime):
        kind = "TIMESTAMPTZ" if value.tzinfo else "TIMESTAMP"
        return f"{kind} '{value.isoformat(sep=' ')}'"
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else str(int(value))


@dataclass(frozen=True, slots=True)
class Log:
    """A view over a log. `columns` maps its column names to DuckDB types."""

    connection: duckdb.DuckDBPyConnection
    view: str
    location: str
    columns: dict[str, str]
    time: TimeColumn | None = None
    dropped: tuple[str, ...] = field(default=())

    def require(self, columns: Iterable[tuple[str, str]]) -> None:
        """Refuse a log that lacks a configured ``(role, column)``."""
        for role, name in columns:
            if name not in self.columns:
                raise MissingColumnError(role, name, self.location, self.columns)

    def query(self, statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a statement; faults of the source become a `SourceError`."""
        with readable(self.location):
            return self.connection.execute(statement, values or []).fetchall()

    def arrays(self, statement: str, values: list[Any] | None = None) -> dict[str, Any]:
        """Columns of a statement as numpy (masked) arrays."""
        with readable(self.location):
            return self.connection.execute(statement, values or []).fetchnumpy()


def open_files(connection: duckdb.DuckDBPyConnection, view: str, files: FileSet) -> Log:
    """Create `view` over files in place; nothing but their metadata is read here."""
    if files.filesystem is not None:
        connection.register_filesystem(files.filesystem)
    paths = ", ".join(literal(_unglobbed(path)) for path in files.paths)
    reader = _READERS[files.format].format(paths=paths, hive=str(files.hive).lower())
    with readable(files.location):
        connection.execute(f"CREATE OR REPLACE VIEW {identifier(view)} AS SELECT * FROM {reader}")
    return _described(connection, view, files.location)


def open_batches(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    location: str,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
) -> Log:
    """Create the table `view` from batches of a database; DuckDB spills what does not fit."""
    import pyarrow as pa

    reader = pa.RecordBatchReader.from_batches(schema, batches)
    connection.register("incoming_batches", reader)
    with readable(location):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {identifier(view)} AS SELECT * FROM incoming_batches"
        )
    connection.unregister("incoming_batches")
    return _described(connection, view, location)


def _described(connection: duckdb.DuckDBPyConnection, view: str, location: str) -> Log:
    with readable(location):
        rows = connection.execute(f"DESCRIBE {identifier(view)}").fetchall()
    columns = {str(row[0]): str(row[1]) for row in rows}
    if not columns:
        raise SourceUnreadableError(location, "it has no columns.")
    return Log(connection, identifier(view), location, columns)


def time_column(log: Log, name: str, zone: tzinfo) -> TimeColumn:
    """Understand the column `name` as instants, by its type and one of its values."""
    dtype = log.columns[name]
    if dtype == "TIMESTAMP WITH TIME ZONE":
        return TimeColumn(name, TimestampKind.AWARE, zone)
    if dtype.startswith("TIMESTAMP"):
        return TimeColumn(name, TimestampKind.NAIVE, zone)
    if dtype == "DATE":
        return TimeColumn(name, TimestampKind.DATE, zone)
    if dtype == "VARCHAR":
        _check_text(log, name, zone)
        return TimeColumn(name, TimestampKind.TEXT, zone)
    if dtype in {"BIGINT", "INTEGER", "UBIGINT", "UINTEGER", "HUGEINT", "DOUBLE", "FLOAT"}:
        column = identifier(name)
        rows = log.query(f"SELECT {column} FROM {log.view} WHERE {column} IS NOT NULL LIMIT 1")
        value = float(rows[0][0]) if rows else 1e9
        return TimeColumn(name, epoch_kind(value, name), zone)
    raise TimestampError(
        f"Column '{name}' of '{log.location}' has the type {dtype}, which is no time. "
        "Give a timestamp, a date, an ISO 8601 text or an epoch."
    )


def _check_text(log: Log, name: str, zone: tzinfo) -> None:
    instant = TimeColumn(name, TimestampKind.TEXT, zone).instant()
    column = identifier(name)
    rows = log.query(
        f"SELECT count(*), count({instant}) FROM "
        f"(SELECT {column} FROM {log.view} WHERE {column} IS NOT NULL LIMIT 1000)"
    )
    total, understood = rows[0]
    if total and not understood:
        raise TimestampError(
            f"No text in column '{name}' of '{log.location}' is a time in ISO 8601 "
            "(2026-11-05T13:00:00+01:00); convert it, or give another column."
        )


def undated_rows(log: Log) -> int:
    """Rows of the whole log that have no readable timestamp and so are in no window."""
    assert log.time is not None  # noqa: S101 - of a prediction log
    return int(
        log.query(f"SELECT count(*) FROM {log.view} WHERE {log.time.instant()} IS NULL")[0][0]
    )


def _unglobbed(path: str) -> str:
    """Escape glob characters in a path that was already expanded."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in path)
