"""The files that a location stands for, as one reading of them sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FileSet:
    """Files of one format that are read as one table.

    `location` is what the user wrote. `version` changes whenever a file is added, replaced or
    removed; `marks` tells the same of each path. `hive` tells that folder names such as
    ``day=2026-01-01`` are columns. `filesystem` is an fsspec file system for anything but local
    files; the paths then carry its protocol. `modified` is the newest time of modification, in
    seconds since 1970. `delimiter` is that of a CSV file's header.
    """

    location: str
    paths: tuple[str, ...]
    format: str
    hive: bool
    version: str
    modified: float
    filesystem: Any = None
    marks: tuple[str, ...] = ()
    delimiter: str = ","

    def still_in(self, later: FileSet) -> bool:
        """Whether a later look finds all these files as they were; new ones may have come."""
        now = dict(zip(later.paths, later.marks, strict=True))
        return all(now.get(path) == mark for path, mark in zip(self.paths, self.marks, strict=True))
