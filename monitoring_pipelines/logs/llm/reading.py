"""Files of LLM and agent logs to canonical tables, record by record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.errors import RecordError, SourceUnreadableError
from monitoring_pipelines.logs.llm import FORMATS
from monitoring_pipelines.logs.llm.dating import date_rows
from monitoring_pipelines.logs.llm.envelope import unwrapped
from monitoring_pipelines.logs.llm.fit import Fits
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.pieces import decoded, values, wholes
from monitoring_pipelines.logs.llm.spool import Quarantined, Spool
from monitoring_pipelines.logs.llm.topic import Topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from monitoring_pipelines.domain.files import FileSet
    from monitoring_pipelines.logs.llm.base import LogFormat
    from monitoring_pipelines.logs.llm.pieces import Piece
    from monitoring_pipelines.logs.llm.records import Found, Record

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

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Report:
        """Take the fields of a report as JSON tells them."""
        files = {path: (int(n), int(bad)) for path, (n, bad) in told["files"].items()}
        return cls(**{**told, "formats": Counter(told["formats"]), "files": files})

    def count(self, path: str, counted: tuple[int, int]) -> None:
        """Add what was counted in a piece of a file."""
        before = self.files.get(path, (0, 0))
        self.files[path] = (before[0] + counted[0], before[1] + counted[1])

    def add(self, other: Report) -> None:
        """Take over what came of another part of the log."""
        self.records += other.records
        self.bytes += other.bytes
        self.quarantined += other.quarantined
        self.quiet += other.quiet
        self.formats += other.formats
        for path, counted in other.files.items():
            self.count(path, counted)


@dataclass(slots=True)
class RecordReader:
    """Recognises records and reads them; the format of the last one is tried first."""

    hashes: Hashes = field(default_factory=Hashes)
    topics: Topics = field(default_factory=Topics, init=False)
    fits: Fits = field(default_factory=Fits, init=False)
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
    reader = RecordReader()
    seen = known = 0
    try:
        for _, _, value in values(files.location, wholes(files)[0]):
            for record in unwrapped(decoded(value) if isinstance(value, bytes) else value):
                seen += 1
                known += reader.recognise(record) is not None
            if seen >= _SAMPLE:
                break
    except (SourceUnreadableError, RecordError, *_SHAPE):
        return False
    return known > _MOST * seen


def read_jobs(
    location: str, jobs: Iterable[Iterable[Piece]], folder: Path, hashes: Hashes
) -> Report:
    """Read the pieces of `jobs` into Parquet tables in `folder`; no broken record ends the reading.

    Words and schemas of each job are counted by themselves, whoever reads it.

    Raises
    ------
    SourceUnreadableError
        If a whole file cannot be read (damaged gzip data, a document beyond the limit).
    """
    report, reader = Report(), RecordReader(hashes)
    with Spool(folder) as spool:
        for pieces in jobs:
            for piece in pieces:
                before = report.records, report.quarantined
                for offset, size, value in values(location, piece):
                    report.bytes += size
                    _read_value(reader, spool, report, (piece, offset), value)
                counted = report.records - before[0], report.quarantined - before[1]
                report.count(piece.path, counted)
            spool.add(reader.topics.terms())
            reader.topics, reader.fits = Topics(), Fits()
    return report


def _read_value(
    reader: RecordReader, spool: Spool, report: Report, at: tuple[Piece, int], value: Any
) -> None:
    name, piece, place = None, at[0], (at[0].path, at[1])
    try:
        if isinstance(value, bytes):
            value = decoded(value)
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
            if piece.begun:
                date_rows(found, piece.begun, again=FORMATS[name].ids_come_again)
            reader.topics.take(found.calls, place[0])
            reader.fits.take(found)
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
