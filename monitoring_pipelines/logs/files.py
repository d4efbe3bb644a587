"""From a location to files: paths, globs, directories, object stores."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.domain.files import FileSet
from monitoring_pipelines.errors import (
    ConfigError,
    SourceNotFoundError,
    SourceUnreadableError,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsspec import AbstractFileSystem

DELIMITERS = ",;\t|"
FORMATS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".ndjson": "jsonl",
    ".ndjson.gz": "jsonl",
    ".json": "jsonl",
    ".json.gz": "jsonl",
}


def find_files(location: str, root: Path, file_format: str | None = None) -> FileSet:
    """Files at `location`: a path, a glob, a directory or a URL that fsspec knows.

    A directory is read with everything below it; folders named ``key=value`` become columns.
    Names that start with ``.`` or ``_`` are left out, since writers use them for files in progress.

    Raises
    ------
    SourceNotFoundError
        If there is nothing.
    SourceUnreadableError
        If the names tell no format, or several.
    """
    filesystem, path, protocol = filesystem_at(location, root)
    found = _listed(filesystem, path)
    details = {
        name: info
        for name, info in sorted(found.items())
        if info["type"] == "file" and _is_data(name, path) and (file_format or _format(name))
    }
    if not details:
        raise SourceNotFoundError(location, _nearby(filesystem, path, root))
    details = _filled(location, details, file_format)
    formats = {file_format or _format(name) for name in details}
    if len(formats) > 1:
        names = ", ".join(sorted(str(name) for name in formats))
        raise SourceUnreadableError(location, f"it holds several formats ({names}); set `format`.")
    marks = tuple(f"{info.get('size')} {_changed(info)}" for info in details.values())
    digest = hashlib.sha256()
    for name, mark in zip(details, marks, strict=True):
        digest.update(f"{name}\0{mark}\n".encode())
    return FileSet(
        location=location,
        paths=tuple(f"{protocol}{name}" for name in details),
        format=str(formats.pop()),
        hive=any("=" in part for name in details for part in _folders(name, root)),
        version=digest.hexdigest()[:16],
        modified=max(_seconds(_changed(info)) for info in details.values()),
        filesystem=filesystem if protocol else None,
        marks=marks,
    )


def with_delimiter(files: FileSet) -> FileSet:
    """Look at the header of a CSV log: a guess from its rows would hide a broken one."""
    import fsspec

    if files.format != "csv":
        return files
    try:
        with fsspec.open(files.paths[0], "rt", compression="infer", errors="replace") as file:
            header = str(file.readline())
    except (OSError, EOFError, zlib.error) as error:
        raise SourceUnreadableError(files.location, "damaged gzip data.") from error
    unquoted = "".join(header.split('"')[::2])
    counts = Counter({char: unquoted.count(char) for char in DELIMITERS})
    return replace(files, delimiter=counts.most_common(1)[0][0])


def filesystem_at(location: str, root: Path) -> tuple[AbstractFileSystem, str, str]:
    """The file system of `location`, the path on it, and ``protocol://`` unless it is local."""
    import fsspec
    from fsspec.implementations.local import LocalFileSystem

    if "://" not in location:
        return LocalFileSystem(), str(root / location), ""
    protocol = location.split("://", 1)[0]
    if protocol == "file":
        return LocalFileSystem(), location.removeprefix("file://"), ""
    try:
        filesystem, path = fsspec.core.url_to_fs(location)
    except ValueError as error:
        known = fsspec.available_protocols()
        raise ConfigError(
            f"'{protocol}://' in '{location}' is no known protocol. "
            f"{suggestion(protocol, known).split(' Known:')[0]}"
        ) from error
    except ImportError as error:
        extra = {"s3": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure"}.get(
            protocol
        )
        install = f"monitoring-pipelines[{extra}]" if extra else str(error)
        raise ConfigError(f"'{location}' needs a package: pip install '{install}'.") from error
    return filesystem, path, f"{protocol}://"


def _listed(filesystem: AbstractFileSystem, path: str) -> dict[str, dict[str, Any]]:
    if filesystem.isfile(path):
        return {path: filesystem.info(path)}
    if any(char in path for char in "*?["):
        return dict(filesystem.glob(path, detail=True))
    if filesystem.isdir(path):
        return dict(filesystem.find(path, detail=True))
    return {path: filesystem.info(path)} if filesystem.exists(path) else {}


def _filled(
    location: str, details: dict[str, dict[str, Any]], file_format: str | None
) -> dict[str, dict[str, Any]]:
    """Leave empty text files out: they hold no rows. An empty Parquet file is a broken one."""
    filled = {
        name: info
        for name, info in details.items()
        if info.get("size") != 0 or (file_format or _format(name)) == "parquet"
    }
    if not filled:
        what = "the file is" if len(details) == 1 else f"all {len(details)} files are"
        raise SourceUnreadableError(location, f"{what} empty, without even a header.")
    return filled


def _folders(name: str, root: Path) -> tuple[str, ...]:
    """Folders of a file inside the project; a folder above it is no partition."""
    path = Path(name)
    return (path.relative_to(root) if path.is_relative_to(root) else path).parts[:-1]


def _is_data(name: str, base: str) -> bool:
    """Whether no part of the name that `base` leaves open is hidden."""
    fixed = re.split(r"[*?\[]", base, maxsplit=1)[0]
    inner = name[len(fixed) :] if name.startswith(fixed) else name
    if not fixed.endswith("/"):  # the rest of a name whose beginning was given
        inner = inner.partition("/")[2]
    return not any(part.startswith((".", "_")) for part in inner.split("/"))


def _format(name: str) -> str | None:
    suffixes = [suffix.lower() for suffix in Path(name).suffixes[-2:]]
    return FORMATS.get("".join(suffixes)) or (FORMATS.get(suffixes[-1]) if suffixes else None)


def _changed(info: dict[str, Any]) -> Any:
    keys = ("mtime", "LastModified", "last_modified", "updated", "ETag", "etag", "created")
    return next((info[key] for key in keys if info.get(key) is not None), None)


def _seconds(changed: Any) -> float:
    if isinstance(changed, datetime):
        return changed.timestamp()
    return float(changed) if isinstance(changed, int | float) else 0.0


def _nearby(filesystem: AbstractFileSystem, path: str, root: Path) -> str:
    """What there is beside a missing file, for the message."""
    folder = path.rsplit("/", 1)[0]
    if any(char in folder for char in "*?[") or not filesystem.exists(folder):
        return f"looked in {root}" if str(path).startswith(str(root)) else ""
    names: Iterable[str] = (
        str(name).rsplit("/", 1)[-1] for name in filesystem.ls(folder, detail=False)
    )
    close = suggestion(path.rsplit("/", 1)[-1], names).split(" Known:")[0]
    return close.rstrip(".") if close.startswith("Did") else ""
