"""The files that a location stands for, as one reading of them sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitoring_pipelines.domain.path_date import PathDate


@dataclass(frozen=True, slots=True)
class FileSet:
    """Files of one format that are read as one table.

    `location` is what the user wrote. `version` changes whenever a file is added, replaced or
    removed; `marks` tells the same of each path. `hive` tells that folder names such as
    ``day=2026-01-01`` are columns. `filesystem` is an fsspec file system for anything but local
    files; the paths then carry its protocol. `modified` is the newest time of modification, in
    seconds since 1970. `delimiter` is that of a CSV file's header. `path_date` finds the day in a
    path of records that tell none.
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
    path_date: PathDate | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Bytes of each file, by its mark; 0 where a file system does not tell."""
        told = (mark.split(" ")[0] for mark in self.marks)
        return tuple(int(size) if size.isdecimal() else 0 for size in told)

    def still_in(self, later: FileSet) -> bool:
        """Whether a later look finds all these files as they were; new ones may have come."""
        now = dict(zip(later.paths, later.marks, strict=True))
        return all(now.get(path) == mark for path, mark in zip(self.paths, self.marks, strict=True))
