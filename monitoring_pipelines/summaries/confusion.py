"""Decided class against true class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.summaries.score_table import Counts, total


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """`counts[i, j]` labelled rows are of class `classes[i]` and were predicted `classes[j]`.

    `classes` is sorted. Of a binary model it is ``(negative, positive)``. The counts are integers,
    or real numbers if they are expected and not seen.
    """

    classes: tuple[str, ...]
    counts: Counts

    @property
    def n(self) -> int:
        """Number of labelled rows that also have a decided class."""
        return total(self.counts)

    @property
    def shares(self) -> NDArray[np.float64]:
        """`counts` as shares of the rows of each true class; 0 of a class without rows."""
        of = self.counts.sum(axis=1, keepdims=True)
        shares = np.zeros(self.counts.shape)
        np.divide(self.counts, of, out=shares, where=of > 0)
        return shares

    def largest(self, most: int) -> NDArray[np.int64]:
        """Places of the `most` classes that occur most often, in the order of `classes`."""
        total = self.counts.sum(axis=0) + self.counts.sum(axis=1)
        return np.sort(np.argsort(-total, kind="stable")[:most])

    def __add__(self, other: Confusion) -> Confusion:
        classes = tuple(sorted({*self.classes, *other.classes}))
        if classes != self.classes and {*classes} == {*self.classes}:
            classes = self.classes  # a binary table keeps (negative, positive)
        kind = np.result_type(self.counts, other.counts)
        counts = np.zeros((len(classes), len(classes)), dtype=kind)
        for part in (self, other):
            at = [classes.index(name) for name in part.classes]
            counts[np.ix_(at, at)] += part.counts
        return Confusion(classes, counts)
