"""Pieces of a log that can be read apart, and the values in one: lines, documents, rows of tables.

A long file of lines is cut into ranges of bytes. A line belongs to the range in which it begins, so
every line is read once, at the offset that it has in the whole file, wherever the cuts are.
"""

from __future__ import annotations

import json
import lzma
import zlib
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from monitoring_pipelines.errors import RecordError, SourceUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.domain.files import FileSet

# the longest line that is read, and the longest document of several lines, in bytes
LONGEST_LINE = 64 << 20
LONGEST_DOCUMENT = 512 << 20
# bytes that are read by one job of several, and the files that are read as one job at most
JOB = 64 << 20
# how many bytes a compressed one stands for, about
_PACKED = 8
_BLOCK = 1 << 20
_TABLE_ROWS = 2048
# a first look: so many files at most, so many bytes of all their beginnings, rows of a table
LOOKS, LOOK, _ROWS = 16, 16 << 20, 1000
# of so few files more than their beginnings has to be seen
FEWEST = 4
_TABLES, _COMPRESSED = (".parquet", ".pq"), (".gz", ".bz2", ".xz", ".zst")


class Piece(NamedTuple):
    """A file, or its lines that begin in the bytes ``[start, end)`` of the uncompressed text.

    Of a table, its first `end` rows. `begun` is when the day that the path names began (ISO 8601).
    """

    path: str
    start: int = 0
    end: int | None = None
    is_table: bool = False
    begun: str | None = None


def wholes(files: FileSet) -> list[Piece]:
    """All files as they are."""
    found = []
    for path in files.paths:
        is_table = files.format == "parquet" or path.lower().endswith(_TABLES)
        begun = files.path_date.of(path) if files.path_date else None
        found.append(Piece(path, 0, None, is_table, begun.isoformat() if begun else None))
    return found


def jobs(files: FileSet) -> list[list[Piece]]:
    """All pieces, in order, put together into jobs of about `JOB` bytes.

    Only sizes decide, so that the jobs are the same however many workers there are. Long files are
    looked into, so they have to be local ones.
    """
    found: list[list[Piece]] = [[]]
    room = JOB
    for one, size in zip(wholes(files), weights(files), strict=True):
        cuttable = size >= 2 * JOB and _is_plain(one) and _is_of_lines(one.path)
        for start in range(0, size, JOB) if cuttable else [0]:
            end = start + JOB if cuttable and start + JOB < size else None
            if room <= 0:
                found.append([])
                room = JOB
            found[-1].append(one._replace(start=start, end=end))
            room -= JOB if cuttable else size
    return found


def weights(files: FileSet) -> list[int]:
    """Bytes of each file, as they are; of a compressed one about as many as it stands for."""
    packed = (path.lower().endswith(_COMPRESSED) for path in files.paths)
    return [size * (_PACKED if one else 1) for one, size in zip(packed, files.sizes, strict=True)]


def sample(files: FileSet) -> list[Piece]:
    """Short pieces from all over a long log: where some of its files begin, and where they end.

    Everything, if it is not long, or if too few files can be looked into at their beginning only.
    """
    found = wholes(files)
    last = len(found) - 1
    ends = files.filesystem is None and all(map(_is_plain, found))
    if sum(weights(files)) <= JOB or (len(found) <= FEWEST and not ends):
        return found
    chosen = sorted({round(last * step / (LOOKS - 1)) for step in range(LOOKS)})
    look = LOOK // len(chosen)
    pieces = [found[at]._replace(end=_ROWS if found[at].is_table else look) for at in chosen]
    if ends:
        starts = [(found[at], files.sizes[at] - look) for at in chosen]
        pieces += [
            one._replace(start=start)
            for one, start in starts
            if start >= look and _is_of_lines(one.path)
        ]
    return pieces


def values(location: str, piece: Piece) -> Iterator[tuple[int, int, Any]]:
    """Offset, size and value of each line; of a document over several lines, of its parts.

    The value of a line is its bytes (`decoded`). Of a table the offset is the number of the row.

    Raises
    ------
    SourceUnreadableError
        If the file cannot be read (damaged gzip data, a document beyond the limit).
    """
    yield from _table_rows(location, piece) if piece.is_table else _texts(location, piece)


def decoded(line: bytes) -> Any:
    """Value of a JSON text; raises a `RecordError` if it is none."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        # Python's own writers leave NaN and lone surrogates, which are no JSON
        return json.loads(line)
    except (ValueError, RecursionError):
        raise RecordError("no JSON") from None


def _texts(location: str, piece: Piece) -> Iterator[tuple[int, int, Any]]:
    import fsspec

    try:
        with (
            fsspec.open(piece.path, "rb", compression="infer") as opened,
            BufferedReader(opened, _BLOCK) as file,
        ):
            if piece.start:
                yield from _lines(file, piece, _after_newline(file, piece.start), b"")
                return
            first = file.readline(LONGEST_LINE)
            if _is_whole(first):
                yield from _lines(file, piece, 0, first)
                return
            rest = file.read(LONGEST_DOCUMENT)
            if len(rest) == LONGEST_DOCUMENT:
                raise SourceUnreadableError(
                    location,
                    f"'{piece.path}' is one JSON document of more than "
                    f"{LONGEST_DOCUMENT >> 20} MB. Write one record per line.",
                )
            yield from _document(first, rest)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        detail = f"'{piece.path}' is damaged, cut off or cannot be opened."
        raise SourceUnreadableError(location, detail) from error


def _is_plain(piece: Piece) -> bool:
    return not piece.is_table and not piece.path.lower().endswith(_COMPRESSED)


def _is_of_lines(path: str) -> bool:
    with Path(path).open("rb") as file:
        first = file.readline(LONGEST_LINE)
    return first.endswith(b"\n") and _is_whole(first)


def _is_whole(line: bytes) -> bool:
    try:
        decoded(line)
    except RecordError:
        # a broken first line is no document: those start with a bracket and little else
        return line.strip()[:1] not in {b"{", b"["} or line.strip()[-1:] in {b"}", b"]"}
    return True


def _after_newline(file: Any, start: int) -> int:
    """Go to the first line that begins at `start` or later, and give its offset."""
    offset = start - 1
    file.seek(offset)
    for part in iter(lambda: file.readline(_BLOCK), b""):
        offset += len(part)
        if part.endswith(b"\n"):
            break
    return offset


def _lines(file: Any, piece: Piece, offset: int, first: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Lines from `offset` on, of which `first` was read already."""
    begins = True
    for line in chain([first] if first else [], iter(lambda: file.readline(LONGEST_LINE), b"")):
        # what goes on beyond the longest line is still of the range in which the line began
        if begins and piece.end is not None and offset >= piece.end:
            return
        if not line.isspace():
            yield offset, len(line), line
        offset += len(line)
        begins = line.endswith(b"\n")


def _document(first: bytes, rest: bytes) -> Iterator[tuple[int, int, Any]]:
    whole = first + rest
    try:
        value = decoded(whole)
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


def _table_rows(location: str, piece: Piece) -> Iterator[tuple[int, int, Any]]:
    """Rows of a Parquet file, such as a gateway's table; columns without a value are left out."""
    import fsspec
    import pyarrow as pa
    from pyarrow import parquet

    number = 0
    try:
        with fsspec.open(piece.path, "rb") as file:
            for batch in parquet.ParquetFile(file).iter_batches(_TABLE_ROWS):
                size = batch.nbytes
                for row in batch.to_pylist():
                    if number == piece.end:
                        return
                    yield number, size, {k: v for k, v in row.items() if v is not None}
                    number, size = number + 1, 0
    except (OSError, pa.ArrowException) as error:
        raise SourceUnreadableError(location, "it is no Parquet file.") from error
