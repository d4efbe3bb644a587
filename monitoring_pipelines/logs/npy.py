"""A matrix of vectors in a `.npy` file, read where it lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import (
    SourceChangedError,
    SourceNotFoundError,
    SourceUnreadableError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MATRIX = 2


@dataclass(slots=True)
class VectorFile:
    """One vector per row; `location` is what a user wrote, `path` where that is.

    The file is mapped into memory, so only the rows that are asked for are read. Python objects in
    it are refused, not unpickled.
    """

    path: Path
    location: str
    _rows: NDArray[np.number] | None = field(default=None, init=False)
    _seen: tuple[int, int] = field(default=(0, 0), init=False)

    def take(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Vectors of the rows at `places`, each from 0 and below the number of rows; shape (n, d).

        Raises
        ------
        SourceError
            If there is no such file, or it holds no matrix of numbers.
        """
        # in the order of the file, which a disk prefers
        order = np.argsort(places, kind="stable")
        found = np.empty((len(places), self._opened().shape[1]))
        found[order] = self._opened()[places[order]]
        return found

    @property
    def n_rows(self) -> int:
        """Number of vectors in the file."""
        return len(self._opened())

    def check_unchanged(self) -> None:
        """Refuse what was read if the file was replaced meanwhile."""
        if self._rows is None:
            return
        try:
            same = self._version() == self._seen
        except OSError:
            same = False
        self._rows = None
        if not same:
            raise SourceChangedError(self.location)

    def _opened(self) -> NDArray[np.number]:
        if self._rows is None:
            self._rows = self._matrix()
        return self._rows

    def _matrix(self) -> NDArray[np.number]:
        try:
            self._seen = self._version()
            found = np.load(self.path, mmap_mode="r", allow_pickle=False)
        except FileNotFoundError:
            raise SourceNotFoundError(self.location) from None
        except (OSError, ValueError, EOFError):
            detail = "it is no complete .npy file of numbers (numpy.save, without Python objects)."
            raise SourceUnreadableError(self.location, detail) from None
        if not isinstance(found, np.ndarray):  # an archive of several
            raise SourceUnreadableError(self.location, "it is an archive; save one array as .npy.")
        if found.ndim != MATRIX or found.dtype.kind not in "fiu":
            shape = " x ".join(map(str, found.shape)) or "one number"
            detail = f"it holds {found.dtype} of the shape {shape}, not one vector per row."
            raise SourceUnreadableError(self.location, detail)
        return found

    def _version(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_mtime_ns, status.st_size
