"""Counts of a numeric column over bins that were fitted on the reference period and frozen."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.errors import BinMismatchError, EmptySampleError


@dataclass(frozen=True, slots=True)
class Histogram:
    """`edges` are k increasing inner edges; `counts` are of k + 1 bins.

    The bins are ``(-inf, e0], (e0, e1], …, (e_last, inf)``: every finite value is in exactly one.
    NaN, infinities and NULL are not counted here but as missing in `ColumnSummary`.
    `coarse` holds the indices into `edges` that bound the ten bins of the reference's deciles.

    >>> a = Histogram(edges=(0.0, 1.0), counts=(1, 2, 3), coarse=(0,))
    >>> (a + a).counts
    (2, 4, 6)
    >>> a.coarsened().counts
    (1, 5)
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    coarse: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        """Number of values."""
        return sum(self.counts)

    @property
    def bins(self) -> tuple[float, ...]:
        """What two histograms must share to be compared."""
        return self.edges

    def shares(self, period: str) -> NDArray[np.float64]:
        """Share of the values per bin, shape (k + 1,); `period` is named if there is none."""
        if not self.n:
            raise EmptySampleError(period)
        return np.asarray(self.counts, dtype=np.float64) / self.n

    def coarsened(self) -> Histogram:
        """The same values over the coarse bins (about ten)."""
        if not self.coarse:
            return self
        totals = np.concatenate([[0], np.cumsum(self.counts)])
        cuts = [0, *(i + 1 for i in self.coarse), len(self.counts)]
        counts = tuple(int(totals[b] - totals[a]) for a, b in itertools.pairwise(cuts))
        return Histogram(tuple(self.edges[i] for i in self.coarse), counts)

    def __add__(self, other: Histogram) -> Histogram:
        if self.edges != other.edges:
            raise BinMismatchError(len(self.counts), len(other.counts))
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        return Histogram(self.edges, counts, self.coarse)
