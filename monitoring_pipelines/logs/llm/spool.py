"""Canonical rows as Parquet files: one table each, written in batches so that memory is bounded."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.findings import Answers
from monitoring_pipelines.logs.llm.records import (
    Call,
    Event,
    Score,
    Span,
    Term,
    ToolCall,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pyarrow as pa

BATCH = 8192
COMPRESSION = "zstd"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that was not read: where it stands and why, and nothing of what it says.

    `source_offset` is the byte at which its line starts in the uncompressed file; of a record
    inside a document or a table it is the record's number, counted from 0.
    """

    source_file: str
    source_offset: int
    reason: str
    format: str | None = None


TABLES: dict[type[Any], str] = {
    Call: "llm_calls",
    ToolCall: "tool_calls",
    Span: "spans",
    Event: "events",
    Usage: "usage",
    Score: "scores",
    Term: "terms",
    Quarantined: "quarantine",
}
_TIMES = {"timestamp", "end"}
_DUCKDB = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "list<item: int8>": "TINYINT[]",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}


@dataclass(slots=True)
class Spool:
    """Writes rows into ``<folder>/<table>.parquet``; every table is there after `close`."""

    folder: Path
    _answers: Answers = field(default_factory=Answers, init=False)
    _waiting: dict[type[Any], list[Any]] = field(default_factory=dict, init=False)
    _writers: dict[type[Any], Any] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        from pyarrow import parquet

        self.folder.mkdir(parents=True, exist_ok=True)
        for kind, name in TABLES.items():
            self._waiting[kind] = []
            self._writers[kind] = parquet.ParquetWriter(
                self.folder / f"{name}.parquet", schema(kind), compression=COMPRESSION
            )

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, rows: Iterable[Any]) -> None:
        """Take rows of any table."""
        for row in rows:
            waiting = self._waiting[type(row)]
            waiting.append(row)
            if type(row) is Call:
                self._answers.add(row)
            if len(waiting) >= BATCH:
                self._write(type(row))

    def close(self) -> None:
        """Write what waits and finish the files."""
        for kind, writer in self._writers.items():
            if self._waiting[kind]:
                self._write(kind)
            writer.close()
        self._writers.clear()

    def _write(self, kind: type[Any]) -> None:
        import pyarrow as pa

        if kind is Call:
            self._answers.tell()
        rows, types = self._waiting[kind], schema(kind)
        # by column: no tuple is made of each row
        arrays = [pa.array([*map(attrgetter(one.name), rows)], one.type) for one in types]
        self._writers[kind].write_batch(pa.RecordBatch.from_arrays(arrays, schema=types))
        self._waiting[kind] = []


def join(parts: Sequence[Path], folder: Path) -> None:
    """Put the tables of `parts` together, in their order, one row group at a time."""
    from pyarrow import parquet

    for kind, name in TABLES.items():
        target = folder / f"{name}.parquet"
        with parquet.ParquetWriter(target, schema(kind), compression=COMPRESSION) as writer:
            for part in parts:
                with parquet.ParquetFile(part / f"{name}.parquet") as file:
                    for group in range(file.num_row_groups):
                        writer.write_table(file.read_row_group(group))


def columns(kind: type[Any]) -> list[Field[Any]]:
    """Fields of a row that are columns of its table."""
    return [one for one in fields(kind) if "passing" not in one.metadata]


def schema(kind: type[Any]) -> pa.Schema:
    """Arrow types of a table's columns, from the annotations of its rows."""
    import pyarrow as pa

    types = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    types["list[int]"] = pa.list_(pa.int8())
    return pa.schema(
        [
            (
                one.name,
                pa.timestamp("us", tz="UTC")
                if one.name in _TIMES
                else types[str(one.type).split(" |", maxsplit=1)[0]],
            )
            for one in columns(kind)
        ]
    )


def call_types() -> dict[str, str]:
    """Columns of calls and their DuckDB types, for a table that is copied and not decoded."""
    return {one.name: _DUCKDB[str(one.type)] for one in schema(Call)}
