"""What is kept of the vectors (embeddings) of one column in one window."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.errors import BinMismatchError
from monitoring_pipelines.summaries.histogram import Histogram


@dataclass(frozen=True, slots=True, eq=False)
class VectorMoments:
    """Of `n` rows: their mean, shape (s,), and the sum of products of deviations, shape (s, s).

    Merging follows Chan, Golub and LeVeque (1979), so it does not cancel.

    >>> a = VectorMoments.of(np.array([[0.0, 1.0], [2.0, 1.0]]))
    >>> (a + VectorMoments.of(np.array([[4.0, 4.0]]))).mean.tolist()
    [2.0, 2.0]
    """

    n: int
    mean: NDArray[np.float64]
    scatter: NDArray[np.float64]

    @classmethod
    def of(cls, rows: NDArray[np.float64]) -> VectorMoments:
        """Moments of rows, shape (n, s)."""
        mean = rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1])
        away = rows - mean
        return cls(len(rows), mean, away.T @ away)

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Mean product of deviations (divided by n), shape (s, s); of no rows zeros."""
        return self.scatter / max(self.n, 1)

    def __add__(self, other: VectorMoments) -> VectorMoments:
        if not self.n or not other.n:
            return self if self.n else other
        n, away = self.n + other.n, other.mean - self.mean
        mean = self.mean + away * (other.n / n)
        between = np.outer(away, away) * (self.n * other.n / n)
        return VectorMoments(n, mean, self.scatter + other.scatter + between)


@dataclass(frozen=True, slots=True, eq=False)
class VectorSample:
    """The rows with the `size` smallest hashes of their id, in the order of these hashes.

    The hashes are whole numbers from 0, shape (m,), the rows have the shape (m, s). The smallest
    of two samples' hashes are those of all their rows, so samples merge exactly, and the same rows
    give the same sample in whatever order they come.

    >>> a = VectorSample.of(np.array([7, 3]), np.array([[0.7], [0.3]]), size=2)
    >>> b = VectorSample.of(np.array([5]), np.array([[0.5]]), size=2)
    >>> (a + b).hashes.tolist(), (a + b).rows[:, 0].tolist()
    ([3, 5], [0.3, 0.5])
    """

    size: int
    hashes: NDArray[np.int64]
    rows: NDArray[np.float64]

    @classmethod
    def of(cls, hashes: NDArray[np.int64], rows: NDArray[np.float64], size: int) -> VectorSample:
        """The sample of these rows; a tie of hashes is decided by the rows' numbers."""
        keys = (*rows.T[::-1], hashes) if len(np.unique(hashes)) < len(hashes) else (hashes,)
        first = np.lexsort(keys)[:size]
        return cls(size, hashes[first], rows[first])

    @property
    def n(self) -> int:
        """Number of sampled rows."""
        return len(self.hashes)

    def __add__(self, other: VectorSample) -> VectorSample:
        hashes = np.concatenate([self.hashes, other.hashes])
        rows = np.concatenate([self.rows, other.rows])
        return VectorSample.of(hashes, rows, min(self.size, other.size))


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Vectors of `dimension` numbers, in the coordinates of a `VectorFrame`.

    `moments` and `sample` are of the frame's space, `projections` of its random directions;
    `n_outlying` rows are further out than its limit. Rows that are no such vector are in none of
    these: `n_missing` are NULL, `n_malformed` no list of `dimension` numbers, `n_infinite` hold a
    NaN, an infinity or a number too large to be squared, `n_zero` only zeros. `bandwidth` is the
    frame's.
    """

    dimension: int
    bandwidth: float
    moments: VectorMoments
    sample: VectorSample
    projections: tuple[Histogram, ...]
    n_outlying: int = 0
    n_missing: int = 0
    n_malformed: int = 0
    n_infinite: int = 0
    n_zero: int = 0

    @property
    def n(self) -> int:
        """Number of vectors that can be compared."""
        return self.moments.n

    @property
    def n_unusable(self) -> int:
        """Rows that hold something, but no vector that can be compared."""
        return self.n_malformed + self.n_infinite + self.n_zero

    @property
    def unusable(self) -> str:
        """Why rows are left out, by number; empty if none is.

        >>> none, nothing = np.zeros((0, 1)), np.zeros(0, dtype=np.int64)
        >>> moments, sample = VectorMoments.of(none), VectorSample.of(nothing, none, 9)
        >>> Vectors(768, 1.0, moments, sample, (), n_malformed=480, n_zero=1).unusable
        '480 are no list of 768 numbers, 1 holds only zeros'
        """
        size = f"{self.dimension:,} " if self.dimension else ""  # nobody knows it yet
        told = [
            (self.n_missing, "missing", "is", "are"),
            (self.n_malformed, f"no list of {size}numbers", "is", "are"),
            (self.n_infinite, "NaN or infinite numbers", "holds", "hold"),
            (self.n_zero, "only zeros", "holds", "hold"),
        ]
        return ", ".join(
            f"{n:,} {one if n == 1 else many} {what}" for n, what, one, many in told if n
        )

    def __add__(self, other: Vectors) -> Vectors:
        if (self.dimension, self.bandwidth) != (other.dimension, other.bandwidth):
            raise BinMismatchError(self.dimension, other.dimension)
        return replace(
            self,
            moments=self.moments + other.moments,
            sample=self.sample + other.sample,
            projections=tuple(
                a + b for a, b in zip(self.projections, other.projections, strict=True)
            ),
            n_outlying=self.n_outlying + other.n_outlying,
            n_missing=self.n_missing + other.n_missing,
            n_malformed=self.n_malformed + other.n_malformed,
            n_infinite=self.n_infinite + other.n_infinite,
            n_zero=self.n_zero + other.n_zero,
        )
