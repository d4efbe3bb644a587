"""Open a model's logs: files in place, a database window by window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.log import (
    Log,
    open_batches,
    open_files,
    time_column,
    undated_rows,
)
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.timestamps import TimestampKind, epoch_kind, is_fixed, raw_bounds
from monitoring_pipelines.errors import MissingColumnError, SourceChangedError, SourceNotFoundError
from monitoring_pipelines.logs.files import find_files, with_delimiter
from monitoring_pipelines.logs.postgres import PostgresTable

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from monitoring_pipelines.checks.judgement import Judgement
    from monitoring_pipelines.config.source import Source
    from monitoring_pipelines.domain.files import FileSet
    from monitoring_pipelines.domain.window import Window


class Remark(NamedTuple):
    """A number about the log itself, from `n` of what it counts; `column` is what it is about."""

    metric: str
    n: int
    value: float | None
    judgement: Judgement
    column: str = ""


@dataclass(slots=True)
class Opened:
    """One configured source on one DuckDB connection.

    `roles` are the ``(role, column)`` that must be there. `time` is the column that windows are
    cut by, if any. Files are opened once, and a whole table is read once; a window of a table
    is read anew, and without `every_column` only the columns in `roles` are.
    """

    connection: duckdb.DuckDBPyConnection
    source: Source
    root: Path
    view: str
    roles: tuple[tuple[str, str], ...]
    time: str | None
    zone: str
    every_column: bool = True
    _files: FileSet | None = field(default=None, init=False)
    _log: Log | None = field(default=None, init=False)
    _tables: list[str] = field(default_factory=list, init=False)

    def log(self, window: Window | None) -> Log:
        """Open the log, so far as `window` needs it."""
        if self.source.is_database:
            # a window of a table is read for itself; all of it (the labels) once
            if window is not None:
                return self._from_database(window)
            if self._log is None:
                self._log = self._from_database(None)
            return self._log
        if self._log is None:
            self._files = with_delimiter(self._found())
            log = open_files(self.connection, self.view, self._files, self.time)
            self._log = self._understood(log)
        return self._log

    def check_unchanged(self) -> None:
        """Refuse what was read if a file was replaced meanwhile; further files may have come."""
        if self._files is None:
            return
        try:
            same = self._files.still_in(self._found())
        except SourceNotFoundError:
            same = False
        if not same:
            self._log = None
            raise SourceChangedError(self._files.location)

    def release(self) -> None:
        """Free the windows of a database; a table that was read whole stays."""
        whole = self._log.view if self._log else ""
        for view in self._tables:
            if identifier(view) != whole:
                self.connection.execute(f"DROP TABLE IF EXISTS {identifier(view)}")

    @property
    def version(self) -> str:
        """Changes with every file that is added, replaced or removed."""
        return self._found().version

    @property
    def seen(self) -> str | None:
        """Version of the files that were read; None of a table, and if nothing was."""
        return self._files.version if self._files else None

    def undated_rows(self) -> int:
        """Rows of the whole log without a readable timestamp; they are in no window."""
        if not self.source.is_database:
            return undated_rows(self.log(None))
        table, name = self._table, str(self.time)
        if _kind(table, name, table.columns()[name]) is TimestampKind.TEXT:
            return undated_rows(self.log(None))
        return table.without(name)

    def count(self, window: Window) -> int | None:
        """Rows of `window`, with repeated ids; None of a table whose times only reading tells."""
        if not self.source.is_database:
            return select_rows(self.log(window), window, None).n_rows
        table, name = self._table, str(self.time)
        zone = ZoneInfo(self.source.timezone or self.zone)
        kind = _kind(table, name, table.columns()[name])
        local = {TimestampKind.NAIVE, TimestampKind.DATE, TimestampKind.TEXT}
        if kind in local and not (kind is TimestampKind.NAIVE and is_fixed(zone)):
            return None
        bounds = raw_bounds(window, kind, zone)
        return table.count(name, *bounds) if bounds else None

    def remarks(self, window: Window) -> list[Remark]:
        """What else reading tells of `window`; nothing of a table."""
        del window
        return []

    def _found(self) -> FileSet:
        return find_files(str(self.source.location), self.root, self.source.format)

    @property
    def _table(self) -> PostgresTable:
        return PostgresTable(
            url=str(self.source.location),
            location=self.source.safe_location,
            table=self.source.table,
            query=self.source.query,
        )

    @property
    def modified(self) -> datetime | None:
        """When the newest file was written; None of a table."""
        if self._files is None or not self._files.modified:
            return None
        return datetime.fromtimestamp(self._files.modified, UTC)

    def _understood(self, log: Log) -> Log:
        log.require(self.roles)
        if self.time is None:
            return log
        zone = ZoneInfo(self.source.timezone or self.zone)
        return replace(log, time=time_column(log, self.time, zone))

    def _from_database(self, window: Window | None) -> Log:
        import pyarrow as pa

        table = self._table
        columns = table.columns()
        for role, name in self.roles:
            if name not in columns:
                raise MissingColumnError(role, name, self.source.safe_location, columns)
        bounds = None
        if window is not None and self.time is not None:
            kind = _kind(table, self.time, columns[self.time])
            limits = raw_bounds(window, kind, ZoneInfo(self.source.timezone or self.zone))
            bounds = (self.time, *limits) if limits else None
        if not self.every_column:
            columns = {name: columns[name] for _, name in self.roles}
        schema = pa.schema(list(columns.items()))
        batches = table.read(list(columns), bounds)
        # several windows are in use at once: the one that is judged, and its reference
        view = f"{self.view} {len(self._tables)}"
        self._tables.append(view)
        log = open_batches(self.connection, view, self.source.safe_location, schema, batches)
        return self._understood(log)


def _kind(table: PostgresTable, name: str, dtype: object) -> TimestampKind:
    text = str(dtype)
    if text.startswith("timestamp"):
        return TimestampKind.AWARE if "tz=" in text else TimestampKind.NAIVE
    if text.startswith("date"):
        return TimestampKind.DATE
    if text in {"int64", "double"}:
        newest = table.newest(name)
        return epoch_kind(float(newest), name) if newest is not None else TimestampKind.SECONDS
    return TimestampKind.TEXT
