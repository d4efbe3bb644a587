"""Where images lie: a folder, an object store, a zip or a tar file; read one by one."""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import os
import tarfile
import tempfile
import threading
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from monitoring_pipelines.errors import SourceNotFoundError, SourceUnreadableError
from monitoring_pipelines.images.broken import BrokenImageError, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsspec import AbstractFileSystem

COMPRESSED: dict[str, Any] = {
    ".tar.gz": gzip.open,
    ".tgz": gzip.open,
    ".tar.bz2": bz2.open,
    ".tar.xz": lzma.open,
}
ARCHIVES = (".zip", ".tar", *COMPRESSED)
# bytes on disk that a compressed archive may unpack to, and bytes of it in memory
MAX_UNPACKED, AT_ONCE = 50 << 30, 1 << 20
_NO_ARCHIVE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
)
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EISDIR}


class Place(Protocol):
    """Gives the bytes of an image by its name in the log.

    The first two raise a `BrokenImageError`, never anything else about a single image, and may be
    called from several threads.
    """

    def mark(self, name: str) -> str:
        """What changes when the image is replaced; nothing is read."""

    def read(self, name: str, limit: int) -> bytes:
        """Content of an image of at most `limit` bytes."""

    def close(self) -> None:
        """Free what is open."""


def open_place(location: str, filesystem: AbstractFileSystem, path: str, protocol: str) -> Place:
    """The place at `location`, which is `path` on `filesystem`.

    Raises
    ------
    SourceNotFoundError
        If there is nothing.
    SourceUnreadableError
        If it is an archive that cannot be read one by one.
    """
    if not filesystem.exists(path):
        raise SourceNotFoundError(location, "the place of the images")
    if path.lower().endswith(ARCHIVES):
        try:
            return _archive(filesystem.open(path, "rb"), path.lower(), location)
        except _NO_ARCHIVE as error:
            raise SourceUnreadableError(location, "it is no whole zip or tar file.") from error
    if protocol:
        return Remote(filesystem, path.rstrip("/"), f"{protocol}{path}".rstrip("/"))
    return Folder(os.path.normpath(path))


def inside(name: str, base: str) -> str:
    """`name` relative to `base`, which it must lie below.

    A log could otherwise make the monitor read any file, or call any host.

    >>> inside("a/b.png", "/data"), inside("/data/b.png", "/data")
    ('a/b.png', 'b.png')
    """
    relative = name.removeprefix(f"{base}/")
    parts = relative.replace("\\", "/").split("/")
    if relative.startswith("/") or "://" in relative or ".." in parts or "\0" in relative:
        raise BrokenImageError(Reason.OUTSIDE)
    return relative


@dataclass(frozen=True, slots=True)
class Folder:
    """A local folder; `base` is its normal path."""

    base: str

    def mark(self, name: str) -> str:
        """Size and time of change."""
        try:
            found = os.stat(self._path(name))  # noqa: PTH116 - ten times as fast as a Path
        except (OSError, ValueError) as error:
            raise _unreadable(error) from error
        return f"{found.st_size} {found.st_mtime_ns}"

    def read(self, name: str, limit: int) -> bytes:
        """Content of the file."""
        try:
            with open(self._path(name), "rb") as file:  # noqa: PTH123 - as above
                return limited(file.read(limit + 1), limit)
        except (OSError, ValueError) as error:
            raise _unreadable(error) from error

    def close(self) -> None:
        """Nothing is open."""

    def _path(self, name: str) -> str:
        return f"{self.base}/{inside(name, self.base)}"


@dataclass(frozen=True, slots=True)
class Remote:
    """A folder of an object store; names may be whole URLs below `url`."""

    filesystem: AbstractFileSystem
    base: str
    url: str

    def mark(self, name: str) -> str:
        """Size and version or time of change, as far as the store tells."""
        path = self._path(name)
        try:
            found = self.filesystem.info(path)
        except (OSError, ValueError) as error:
            raise _unreadable(error) from error
        told = ("ETag", "etag", "LastModified", "last_modified", "updated", "mtime", "created")
        return f"{found.get('size')} {next((found[key] for key in told if found.get(key)), '')}"

    def read(self, name: str, limit: int) -> bytes:
        """Content of the object."""
        path = self._path(name)
        try:
            with self.filesystem.open(path, "rb") as file:
                return limited(file.read(limit + 1), limit)
        except (OSError, ValueError) as error:
            raise _unreadable(error) from error

    def close(self) -> None:
        """Nothing is open."""

    def _path(self, name: str) -> str:
        return f"{self.base}/{inside(name, self.url)}"


@dataclass(frozen=True, slots=True)
class Zipped:
    """A zip file, whose reader has a lock of its own."""

    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]

    def mark(self, name: str) -> str:
        """Size and checksum."""
        member = self._member(name)
        return f"{member.file_size} {member.CRC}"

    def read(self, name: str, limit: int) -> bytes:
        """Content of the member."""
        member = self._member(name)
        try:
            with self.archive.open(member) as file:
                return limited(file.read(limit + 1), limit)
        # zipfile raises NotImplementedError for a compression, RuntimeError for a password
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise BrokenImageError(Reason.UNREADABLE) from error

    def close(self) -> None:
        """Close the file."""
        self.archive.close()

    def _member(self, name: str) -> zipfile.ZipInfo:
        member = self.members.get(name)
        if member is None:
            raise BrokenImageError(Reason.NOT_FOUND)
        return member


@dataclass(frozen=True, slots=True)
class Tarred:
    """A tar file, unpacked: where each member starts and how long it is."""

    file: Any
    members: Mapping[str, tuple[int, int, float]]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def mark(self, name: str) -> str:
        """Place, size and time of change."""
        return " ".join(map(str, self._member(name)))

    def read(self, name: str, limit: int) -> bytes:
        """Content of the member."""
        offset, size, _ = self._member(name)
        try:
            with self.lock:
                self.file.seek(offset)
                content: bytes = self.file.read(min(size, limit + 1))
        except (OSError, ValueError) as error:
            raise _unreadable(error) from error
        return limited(content, limit)

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _member(self, name: str) -> tuple[int, int, float]:
        member = self.members.get(name)
        if member is None:
            raise BrokenImageError(Reason.NOT_FOUND)
        return member


def limited(content: bytes, limit: int) -> bytes:
    """`content`, unless it is empty or longer than `limit`."""
    if not content:
        raise BrokenImageError(Reason.NO_NAME)
    if len(content) > limit:
        raise BrokenImageError(Reason.TOO_LARGE)
    return content


def _archive(file: Any, path: str, location: str) -> Place:
    if path.endswith(".zip"):
        return _zipped(file)
    unpack = next((opener for end, opener in COMPRESSED.items() if path.endswith(end)), None)
    if unpack is None:
        return _tarred(file)
    with file, unpack(file) as packed:
        unpacked = _unpacked(packed, location)
    try:
        return _tarred(unpacked)
    except tarfile.TarError:
        unpacked.close()
        raise


def _unpacked(file: Any, location: str) -> Any:
    """A file without a name, which goes when it is closed, with all that `file` holds."""
    with ExitStack() as on_error:
        found = on_error.enter_context(tempfile.TemporaryFile())
        while part := file.read(AT_ONCE):
            found.write(part)
            if found.tell() > MAX_UNPACKED:
                detail = f"it unpacks to more than {MAX_UNPACKED >> 30} GiB; give a zip or folder."
                raise SourceUnreadableError(location, detail)
        on_error.pop_all()
    found.seek(0)
    return found


def _zipped(file: Any) -> Zipped:
    archive = zipfile.ZipFile(file)
    return Zipped(archive, {member.filename: member for member in archive.infolist()})


def _tarred(file: Any) -> Tarred:
    with tarfile.open(fileobj=file, mode="r:") as archive:
        members = {
            member.name.removeprefix("./"): (member.offset_data, member.size, member.mtime)
            for member in archive
            if member.isreg()
        }
    return Tarred(file, members)


def _unreadable(error: Exception) -> BrokenImageError:
    absent = isinstance(error, ValueError) or getattr(error, "errno", None) in _ABSENT
    absent = absent or isinstance(error, FileNotFoundError)
    return BrokenImageError(Reason.NOT_FOUND if absent else Reason.UNREADABLE)
