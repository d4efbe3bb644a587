"""Files of LLM and agent logs to canonical tables, record by record."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from monitoring_pipelines.errors import RecordError, SourceUnreadableError
from monitoring_pipelines.logs.llm import FORMATS
from monitoring_pipelines.logs.llm.envelope import unwrapped
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.spool import Quarantined, Spool
from monitoring_pipelines.logs.llm.topic import Topics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitoring_pipelines.domain.files import FileSet
    from monitoring_pipelines.logs.llm.base import LogFormat
    from monitoring_pipelines.logs.llm.records import Found, Record

# the longest line that is read, and the longest document of several lines, in bytes
LONGEST_LINE = 64 << 20
LONGEST_DOCUMENT = 512 << 20
_TABLE_ROWS = 2048
# records that are looked at to tell a log of calls, and the share of them that must be known
_SAMPLE, _MOST = 50, 0.9
# what a reader may run into when a field that should be an object is something else
_SHAPE = (TypeError, AttributeError, KeyError, ValueError, IndexError, OverflowError)


@dataclass(slots=True)
class Report:
    """What a reading came to. `formats` counts records by the format that read them.

    `quiet` are records that were understood and tell of no call, tool, event or usage. `files`
    tells of each file how many records it has and how many of them were set aside.
    """

    records: int = 0
    bytes: int = 0
    quarantined: int = 0
    quiet: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    files: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class RecordReader:
    """Recognises records and reads them; the format of the last one is tried first."""

    hashes: Hashes = field(default_factory=Hashes)
    topics: Topics = field(default_factory=Topics, init=False)
    _formats: list[LogFormat] = field(default_factory=FORMATS.values, init=False)

    def recognise(self, record: Record) -> LogFormat | None:
        """Find the format of `record`."""
        for at, one in enumerate(self._formats):
            if one.recognise(record):
                if at:
                    self._formats.insert(0, self._formats.pop(at))
                return one
        return None

    def read(self, record: Record) -> tuple[str, Found]:
        """Name of the format, and what it found; the rows do not know their file yet.

        Raises
        ------
        RecordError
            If no format reads the record.
        """
        try:
            one = self.recognise(record)
            if one is None:
                raise RecordError("no known format")
            return one.name, one.read(record, self.hashes)
        except _SHAPE:
            raise RecordError("a known format with fields of an unexpected type") from None
        except RecursionError:
            raise RecordError("nested too deeply") from None


def is_log_of_calls(files: FileSet) -> bool:
    """Whether nearly all of the first records of the first file are of a known format."""
    reader, path = RecordReader(), files.paths[0]
    is_table = path.lower().endswith((".parquet", ".pq"))
    seen = known = 0
    try:
        for _, _, value in (_table_rows if is_table else _values)(files, path):
            for record in unwrapped(_decoded(value) if isinstance(value, bytes) else value):
                seen += 1
                known += reader.recognise(record) is not None
            if seen >= _SAMPLE:
                break
    except (SourceUnreadableError, RecordError, *_SHAPE):
        return False
    return known > _MOST * seen


def read_files(files: FileSet, folder: Path, hashes: Hashes) -> Report:
    """Read `files` into Parquet tables in `folder`; a broken record never ends the reading.

    Raises
    ------
    SourceUnreadableError
        If a whole file cannot be read (damaged gzip data, a document beyond the limit).
    """
    report, reader = Report(), RecordReader(hashes)
    with Spool(folder) as spool:
        for path in files.paths:
            before = report.records, report.quarantined
            is_table = files.format == "parquet" or path.lower().endswith((".parquet", ".pq"))
            for offset, size, value in (_table_rows if is_table else _values)(files, path):
                report.bytes += size
                _read_value(reader, spool, report, (path, offset), value)
            report.files[path] = (report.records - before[0], report.quarantined - before[1])
        spool.add(reader.topics.terms())
    return report


def _read_value(
    reader: RecordReader, spool: Spool, report: Report, place: tuple[str, int], value: Any
) -> None:
    name = None
    try:
        if isinstance(value, bytes):
            value = _decoded(value)
        for record in unwrapped(value):
            report.records += 1
            name = None
            try:
                name, found = reader.read(record)
            except RecordError as error:
                report.quarantined += 1
                spool.add([Quarantined(*place, error.reason)])
                continue
            report.formats[name] += 1
            rows = found.rows()
            report.quiet += not rows
            _place(found, name, place)
            reader.topics.take(found.calls, place[0])
            spool.add(rows)
    except RecordError as error:
        report.records += 1
        report.quarantined += 1
        spool.add([Quarantined(*place, error.reason)])


def _place(found: Found, name: str, place: tuple[str, int]) -> None:
    """Tell rows where they stood, and give an id to calls without one."""
    for row in found.rows():
        row.format, row.source_file, row.source_offset = name, *place
    for number, call in enumerate(found.calls):
        if not call.id:
            call.id = str(Hashes.template(*place, number))
            for tool in found.tool_calls:
                tool.call_id = tool.call_id or call.id


def _decoded(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        # Python's own writers leave NaN and lone surrogates, which are no JSON
        return json.loads(line)
    except (ValueError, RecursionError):
        raise RecordError("no JSON") from None


def _values(files: FileSet, path: str) -> Iterator[tuple[int, int, Any]]:
    """Offset, size and value of each line; of a document over several lines, of its parts."""
    import fsspec

    try:
        with fsspec.open(path, "rb", compression="infer") as file:
            first = file.readline(LONGEST_LINE)
            if _is_whole(first):
                yield from _lines(file, first)
                return
            rest = file.read(LONGEST_DOCUMENT)
            if len(rest) == LONGEST_DOCUMENT:
                raise SourceUnreadableError(
                    files.location,
                    f"'{path}' is one JSON document of more than {LONGEST_DOCUMENT >> 20} MB. "
                    "Write one record per line.",
                )
            yield from _document(first, rest)
    except (OSError, EOFError, zlib.error) as error:
        detail = "it is damaged or cannot be opened."
        raise SourceUnreadableError(files.location, detail) from error


def _is_whole(line: bytes) -> bool:
    try:
        _decoded(line)
    except RecordError:
        # a broken first line is no document: those start with a bracket and little else
        return line.strip()[:1] not in {b"{", b"["} or line.strip()[-1:] in {b"}", b"]"}
    return True


def _lines(file: Any, first: bytes) -> Iterator[tuple[int, int, Any]]:
    offset = 0
    for line in chain([first], iter(lambda: file.readline(LONGEST_LINE), b"")):
        if line.strip():
            yield offset, len(line), line
        offset += len(line)


def _document(first: bytes, rest: bytes) -> Iterator[tuple[int, int, Any]]:
    whole = first + rest
    try:
        value = _decoded(whole)
    except RecordError:
        # no document after all: lines, of which the first is cut off
        offset = 0
        for line in whole.splitlines(keepends=True):
            if line.strip():
                yield offset, len(line), line
            offset += len(line)
        return
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield number, len(whole) if number == 0 else 0, part
    else:
        yield 0, len(whole), value


def _table_rows(files: FileSet, path: str) -> Iterator[tuple[int, int, Any]]:
    """Rows of a Parquet file, such as a gateway's table; columns without a value are left out."""
    import fsspec
    import pyarrow as pa
    from pyarrow import parquet

    number = 0
    try:
        with fsspec.open(path, "rb") as file:
            for batch in parquet.ParquetFile(file).iter_batches(_TABLE_ROWS):
                size = batch.nbytes
                for row in batch.to_pylist():
                    yield number, size, {k: v for k, v in row.items() if v is not None}
                    number, size = number + 1, 0
    except (OSError, pa.ArrowException) as error:
        raise SourceUnreadableError(files.location, "it is no Parquet file.") from error
