"""A log as a DuckDB view, with its timestamps understood."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from monitoring_pipelines.backends.duckdb.connection import identifier, literal, readable
from monitoring_pipelines.backends.duckdb.types import family
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

    import pyarrow as pa
    from fsspec import AbstractFileSystem

    from monitoring_pipelines.domain.files import FileSet
    from monitoring_pipelines.domain.window import Cadence, Window

_READERS = {
    "parquet": "read_parquet([{paths}], union_by_name=true, hive_partitioning={hive})",
    # types are judged on whole files: a text in line 1,000,000 is a finding, not a crash; nothing
    # else is guessed, since a guess makes a broken line fit, skips it, or takes 01/02 for a date
    "csv": "read_csv([{paths}], union_by_name=true, hive_partitioning={hive}, sample_size=-1, "
    "delim={delimiter}, quote='\"', escape='\"', comment='', header=true, skip=0, "
    "dateformat='%Y-%m-%d'{more})",
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
            offset = r"'\d\d:\d\d.*(Z| UTC| GMT|[+-]\d\d(:?\d\d)?)$'"
            return (
                f"CASE WHEN regexp_matches({raw}, {offset}) THEN TRY_CAST({raw} AS TIMESTAMPTZ) "
                f"ELSE timezone({zone}, TRY_CAST({raw} AS TIMESTAMP)) END"
            )
        scale = "// 1000" if self.kind is TimestampKind.NANOSECONDS else "* 1"
        if self.kind in {TimestampKind.SECONDS, TimestampKind.MILLISECONDS}:
            scale = f"* {1_000_000 // self.kind.per_second}"
        # one number that is no time leaves its row undated; it does not break the window
        return f"timezone('UTC', TRY(make_timestamp(({raw} {scale})::BIGINT)))"

    def window_start(self, cadence: Cadence, zone: tzinfo) -> str:
        """SQL of the instant that a row's window starts at; windows are cut in `zone`.

        The hour that a clock change repeats is two windows, as in `domain.window.floor`.
        """
        name, at = literal(str(zone)), self.instant()
        local = f"timezone({name}, {at})"
        start = f"date_trunc({literal(cadence.value)}, {local})"
        if cadence.value == "hour":
            return f"({at} - ({local} - {start}))"
        return f"timezone({name}, {start})"

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


def open_files(
    connection: duckdb.DuckDBPyConnection, view: str, files: FileSet, time: str | None = None
) -> Log:
    """Create `view` over files in place; nothing but their metadata is read here.

    The column `time` of a CSV stays text, because DuckDB would guess between day and month.
    """
    if files.filesystem is not None:
        _register(connection, files.filesystem)
    log = _viewed(connection, view, files, "")
    if files.format == "csv" and time in log.columns and log.columns[time] in _GUESSED:
        log = _viewed(connection, view, files, f", types={{{literal(str(time))}: 'VARCHAR'}}")
    return log


def _register(connection: duckdb.DuckDBPyConnection, filesystem: AbstractFileSystem) -> None:
    """Teach DuckDB a protocol; predictions and labels often lie in one store."""
    protocol = filesystem.protocol
    names = {protocol} if isinstance(protocol, str) else {*protocol}
    if not names & {*connection.list_filesystems()}:
        connection.register_filesystem(filesystem)


_GUESSED = {"TIMESTAMP", "DATE", "TIMESTAMP WITH TIME ZONE"}


def _viewed(connection: duckdb.DuckDBPyConnection, view: str, files: FileSet, more: str) -> Log:
    paths = ", ".join(literal(_unglobbed(path)) for path in files.paths)
    reader = _READERS[files.format].format(
        paths=paths,
        hive=str(files.hive).lower(),
        delimiter=literal(files.delimiter),
        more=more,
    )
    create = f"CREATE OR REPLACE VIEW {identifier(view)} AS SELECT"
    try:
        connection.execute(f"{create} * FROM {reader}")
    except duckdb.Error:
        with readable(files.location):
            _find_ragged_line(connection, files)
            _find_malformed_line(files)
            raise
    log = _described(connection, view, files.location)
    # a JSON column of numbers and texts is text, as it would be in a CSV
    mixed = [identifier(name) for name, dtype in log.columns.items() if dtype == "JSON"]
    if mixed:
        texts = ", ".join(f"json_extract_string({name}, '$') AS {name}" for name in mixed)
        connection.execute(f"{create} * REPLACE ({texts}) FROM {reader}")
        log = _described(connection, view, files.location)
    return log


def _find_ragged_line(connection: duckdb.DuckDBPyConnection, files: FileSet) -> None:
    """Read CSV files as plain text, which fails at the line that does not fit, by its number."""
    for path in files.paths if files.format == "csv" else ():
        name, delimiter = literal(_unglobbed(path)), literal(files.delimiter)
        dialect = f"delim={delimiter}, quote='\"', escape='\"', auto_detect=false"
        header = connection.execute(
            f"SELECT line FROM read_csv({name}, header=false, auto_detect=false, quote='', "
            "escape='', delim='\x00', columns={'line': 'VARCHAR'}, strict_mode=false) LIMIT 1"
        ).fetchone()
        unquoted = "".join(str(header[0] if header else "").split('"')[::2])
        width = unquoted.count(files.delimiter) + 1
        columns = ", ".join(f"'{i}': 'VARCHAR'" for i in range(width))
        connection.execute(
            f"SELECT count(COLUMNS(*)) FROM read_csv({name}, {dialect}, header=true, "
            f"columns={{{columns}}})"
        ).fetchall()


def _find_malformed_line(files: FileSet) -> None:
    """Name the first line that is no JSON: DuckDB's own count is one too high in some releases."""
    import fsspec

    for path in files.paths if files.format == "jsonl" else ():
        with fsspec.open(path, "rb", compression="infer") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    json.loads(line or "null")
                except ValueError:
                    detail = f"malformed JSON in '{path}' at line {number}."
                    raise SourceUnreadableError(files.location, detail) from None


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
    if family(dtype) in {"integer", "float"}:
        column = identifier(name)
        # the middle one: a zero among the numbers, or another outlier, does not tell the unit
        middle = log.query(f"SELECT quantile_disc({column}, 0.5) FROM {log.view}")[0][0]
        kind = TimestampKind.SECONDS if middle is None else epoch_kind(float(middle), name)
        return TimeColumn(name, kind, zone)
    raise TimestampError(
        f"Column '{name}' of '{log.location}' has the type {dtype}, which is no time. "
        "Give a timestamp, a date, an ISO 8601 text or an epoch."
    )


def _check_text(log: Log, name: str, zone: tzinfo) -> None:
    instant = TimeColumn(name, TimestampKind.TEXT, zone).instant()
    column = identifier(name)
    some = f"(SELECT {column} FROM {log.view} WHERE {column} IS NOT NULL LIMIT 1000)"
    for source in (some, log.view):  # unreadable ones may all stand in front
        total, understood = log.query(f"SELECT count({column}), count({instant}) FROM {source}")[0]
        if understood or not total:
            return
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
