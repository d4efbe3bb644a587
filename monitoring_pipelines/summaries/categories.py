"""Counts of a categorical column over the levels that the reference period knew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.errors import BinMismatchError, EmptySampleError


@dataclass(frozen=True, slots=True)
class Categories:
    """`counts[i]` rows have `levels[i]`; `other` rows have a level that is not listed.

    If `complete`, the list holds every level of the reference, so `other` are unseen values;
    otherwise the reference had too many levels and `other` mixes rare with unseen ones.

    >>> a = Categories(levels=("x", "y"), counts=(1, 2), other=1)
    >>> a.n, (a + a).other
    (4, 2)
    """

    levels: tuple[str, ...]
    counts: tuple[int, ...]
    other: int = 0
    complete: bool = True

    @property
    def n(self) -> int:
        """Number of values, missing ones apart."""
        return sum(self.counts) + self.other

    @property
    def bins(self) -> tuple[str, ...]:
        """What two summaries must share to be compared."""
        return self.levels

    def shares(self, period: str) -> NDArray[np.float64]:
        """Share per level and, last, of all other values, shape (k + 1,)."""
        if not self.n:
            raise EmptySampleError(period)
        return np.asarray([*self.counts, self.other], dtype=np.float64) / self.n

    def __add__(self, other: Categories) -> Categories:
        if self.levels != other.levels:
            raise BinMismatchError(len(self.levels), len(other.levels))
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        complete = self.complete and other.complete
        return Categories(self.levels, counts, self.other + other.other, complete)
