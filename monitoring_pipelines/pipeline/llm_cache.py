"""Log files of LLM and agent calls, read once and kept as canonical rows.

The unit is a *reading*: the files that were new or had changed at one look, read together into one
folder of Parquet tables. A look therefore costs what is new, and a year of looks is a few hundred
folders, however many files a service writes. A file that was replaced or has grown is read again;
its rows in older readings no longer count, and a reading without a file that counts is removed.
Nothing is derived here: what belongs together (a trace, a session, the halves of a record) may lie
in several files, so it is put together window by window.
"""

from __future__ import annotations

import json
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from monitoring_pipelines import __version__
from monitoring_pipelines.backends.duckdb.connection import connect, literal
from monitoring_pipelines.backends.duckdb.llm_plain import copy_plain
from monitoring_pipelines.backends.duckdb.llm_window import times_of
from monitoring_pipelines.backends.duckdb.log import open_files
from monitoring_pipelines.logs.files import with_delimiter
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.records import Call, Event, Score, Span, ToolCall, Usage
from monitoring_pipelines.logs.llm.spool import Spool, call_types, schema
from monitoring_pipelines.logs.llm.workers import read_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo
    from pathlib import Path

    from monitoring_pipelines.domain.files import FileSet
    from monitoring_pipelines.domain.path_date import PathDate

CATALOG = "files.json"
# a reading that is cut off loses no more than so many files
FILES_A_READING = 64


@dataclass(frozen=True, slots=True)
class FileRead:
    """What is known of one file: its state when it was read, its records, and their times."""

    mark: str
    records: int
    quarantined: int
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A folder of canonical rows, and the source files that they are of."""

    folder: Path
    files: Mapping[str, FileRead]

    def within(self, start: datetime, end: datetime) -> bool:
        """Whether a row may lie in ``[start, end)``; a row without a time may lie anywhere."""
        return any(
            file.first is None or file.last is None or (file.first < end and file.last >= start)
            for file in self.files.values()
        )


@dataclass(frozen=True, slots=True)
class LlmCache:
    """Readings below `home`. `fields` are the columns of a plain table of calls, if it is one.

    `workers` is how many processes may read long files at once. `path_date` dates records without
    a time.
    """

    home: Path
    hashes: Hashes
    fields: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    workers: int = 1
    path_date: PathDate | None = None

    def readings(self, files: FileSet) -> list[Reading]:
        """Canonical rows of `files`; what is not there yet is read first."""
        kept = self._kept()
        known = {(path, one.mark) for reading in kept for path, one in reading.files.items()}
        marks = dict(zip(files.paths, files.marks, strict=True))
        new = [path for path, mark in marks.items() if (path, mark) not in known]
        step = 1 if self.fields else FILES_A_READING  # a row of a table does not know its file
        kept += [self._read(files, new[at : at + step], marks) for at in range(0, len(new), step)]
        self._tidy(kept)
        return _counting(kept, marks)

    @property
    def _folder(self) -> Path:
        """Rows depend on the reader, on the key of the hashes and on the names of a table."""
        kinds = (Call, ToolCall, Span, Event, Usage, Score)
        columns = [one.name for kind in kinds for one in schema(kind)]
        parts = [__version__, self.hashes.personal("cache"), columns, dict(self.fields)]
        parts += [self.path_date.pattern] if self.path_date else []
        return self.home / str(Hashes.template(*parts, str(self.zone)))

    def _kept(self) -> list[Reading]:
        found = []
        for catalog in sorted(self._folder.glob(f"*/{CATALOG}")):
            with suppress(OSError):  # another run may tidy at the same time
                files = json.loads(catalog.read_text(encoding="utf-8"))
                found.append(
                    Reading(catalog.parent, {path: _decoded(one) for path, one in files.items()})
                )
        return found

    def _read(self, files: FileSet, paths: list[str], marks: dict[str, str]) -> Reading:
        """Read `paths` into a folder that is there as a whole or not at all."""
        part = replace(
            files,
            paths=tuple(paths),
            marks=tuple(marks[path] for path in paths),
            path_date=self.path_date,
        )
        # sorted by the time of the look, so that of two readings of a file the later one counts
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"
        target, unfinished = self._folder / name, self._folder / f".{name}"
        try:
            counts = self._rows(part, unfinished)
            with closing(connect()) as connection:
                times = times_of(connection, unfinished)
            found = {
                path: FileRead(marks[path], *counts[path], *times.get(path, (None, None)))
                for path in paths
            }
            text = json.dumps({path: _encoded(one) for path, one in found.items()})
            (unfinished / CATALOG).write_text(text, encoding="utf-8")
            unfinished.rename(target)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return Reading(target, found)

    def _rows(self, files: FileSet, folder: Path) -> dict[str, tuple[int, int]]:
        if not self.fields:
            return read_files(files, folder, self.hashes, self.workers).files
        with Spool(folder):
            pass  # tables of tools and spans, of which such a table tells nothing
        with closing(connect()) as connection:
            connection.execute(f"SET TimeZone = {literal(str(self.zone))}")
            log = open_files(connection, "plain", with_delimiter(files))
            target = folder / "llm_calls.parquet"
            (path,) = files.paths
            n = copy_plain(log, dict(self.fields), call_types(), target, path)
            return {path: (n, 0)}

    @staticmethod
    def _tidy(kept: list[Reading]) -> None:
        """Remove readings of which every file was read again since."""
        newest = {path: one.mark for reading in kept for path, one in reading.files.items()}
        for reading in [*kept]:
            if all(newest[path] != one.mark for path, one in reading.files.items()):
                kept.remove(reading)
                shutil.rmtree(reading.folder, ignore_errors=True)


def _counting(kept: list[Reading], marks: dict[str, str]) -> list[Reading]:
    """Readings with the files that count: there as they were when read, and each once."""
    found, seen = [], set[str]()
    for reading in reversed(kept):
        files = {
            path: one
            for path, one in reading.files.items()
            if marks.get(path) == one.mark and path not in seen
        }
        seen |= {*files}
        if files:
            found.append(replace(reading, files=files))
    return found[::-1]


def _encoded(one: FileRead) -> list[Any]:
    times = [moment.isoformat() if moment else None for moment in (one.first, one.last)]
    return [one.mark, one.records, one.quarantined, *times]


def _decoded(values: list[Any]) -> FileRead:
    mark, records, quarantined, *times = values
    return FileRead(
        mark, records, quarantined, *(datetime.fromisoformat(t) if t else None for t in times)
    )
