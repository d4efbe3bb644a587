"""Reading of what may be compressed, never more than was allowed."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from monitoring_pipelines.security.artefacts.outcome import UnverifiedError

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK, LINE, MAX_LINE = 1 << 16, 256, 64 << 20
# what a damaged or hostile stream can raise
DAMAGE = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, RuntimeError)


class Readable(Protocol):
    """The part of a binary file that is needed."""

    def read(self, n: int, /) -> bytes:
        """Up to `n` bytes; none at the end."""


@dataclass(slots=True)
class Budget:
    """Bytes that may still be unpacked of a file.

    `is_ambiguous` tells that what was found in them is something else to another reader.
    """

    left: int
    is_ambiguous: bool = False

    def take(self, n: int) -> None:
        """Use `n` of them; raises an `UnverifiedError`."""
        self.left -= n
        if self.left < 0:
            raise UnverifiedError("it unpacks to more than is looked at")


@dataclass(slots=True)
class Bounded:
    """A stream whose bytes are counted. `peek` looks ahead without using any."""

    source: Readable
    budget: Budget
    _ahead: bytes = b""

    def read(self, n: int, /) -> bytes:
        """Exactly `n` bytes, fewer only at the end."""
        parts, missing = [self._ahead[:n]], n - len(self._ahead[:n])
        self._ahead = self._ahead[n:]
        while missing:
            part = self._pull(min(missing, CHUNK))
            if not part:
                break
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def peek(self, n: int) -> bytes:
        """The next `n` bytes, which stay."""
        while len(self._ahead) < n:
            part = self._pull(n - len(self._ahead))
            if not part:
                break
            self._ahead += part
        return self._ahead[:n]

    def readline(self, n: int = MAX_LINE, /) -> bytes:
        """A line of at most `n` bytes."""
        found = bytearray()
        while len(found) < n and (ahead := self.peek(min(LINE, n - len(found)))):
            end = ahead.find(b"\n") + 1
            found += self.read(end or len(ahead))
            if end:
                break
        return bytes(found)

    def skip(self, n: int) -> None:
        """Go on without keeping anything; raises an `UnverifiedError` at the end."""
        while n:
            part = self.read(min(n, CHUNK))
            if not part:
                raise UnverifiedError("it ends in the middle")
            n -= len(part)

    def _pull(self, n: int) -> bytes:
        try:
            part = self.source.read(n)
        except DAMAGE as error:
            raise UnverifiedError(f"damaged data ({type(error).__name__})") from error
        self.budget.take(len(part))
        return part


class _Zlib:
    """zlib has no file object of its own."""

    def __init__(self, source: Readable) -> None:
        self._source, self._inflate = source, zlib.decompressobj()

    def read(self, n: int, /) -> bytes:
        while not self._inflate.eof:
            data = self._inflate.unconsumed_tail or self._source.read(CHUNK)
            if not data:
                raise EOFError
            if part := self._inflate.decompress(data, n):
                return part
        return b""


def _gzip(source: Any) -> Readable:
    import gzip

    return gzip.GzipFile(fileobj=source)


def _lz4(source: Any) -> Readable:
    import pyarrow as pa

    opened: Readable = pa.CompressedInputStream(pa.PythonFile(source, mode="r"), "lz4")
    return opened


# first bytes, and how to unpack
PACKED: tuple[tuple[tuple[bytes, ...], str, Callable[[Any], Readable]], ...] = (
    ((b"\x1f\x8b",), "gzip", _gzip),
    ((b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), "zlib", _Zlib),
    ((b"BZh",), "bzip2", bz2.BZ2File),
    ((b"\xfd7zXZ\x00", b"\x5d\x00\x00"), "LZMA", lzma.LZMAFile),
    ((b"\x04\x22\x4d\x18",), "LZ4", _lz4),
)


def unpacked(stream: Bounded) -> tuple[str, Bounded] | None:
    """Name of the compression and the content, None if the stream is not compressed."""
    start = stream.peek(6)
    for magics, label, opener in PACKED:
        if start.startswith(magics):
            return label, Bounded(opener(_Raw(stream)), stream.budget)
    return None


class _Raw(io.RawIOBase):
    """A `Bounded` as the file that the standard library wants."""

    def __init__(self, stream: Bounded) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._stream.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)
