"""Decided class against true class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """`counts[i, j]` labelled rows are of class `classes[i]` and were predicted `classes[j]`.

    `classes` is sorted. Of a binary model it is ``(negative, positive)``.
    """

    classes: tuple[str, ...]
    counts: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Number of labelled rows that also have a decided class."""
        return int(self.counts.sum())

    @property
    def weighted(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """``(label, prediction, weight)`` as class numbers, for scikit-learn's metrics."""
        label, prediction = np.nonzero(self.counts)
        return label, prediction, self.counts[label, prediction]

    def __add__(self, other: Confusion) -> Confusion:
        classes = tuple(sorted({*self.classes, *other.classes}))
        if classes != self.classes and {*classes} == {*self.classes}:
            classes = self.classes  # a binary table keeps (negative, positive)
        counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
        for part in (self, other):
            at = [classes.index(name) for name in part.classes]
            counts[np.ix_(at, at)] += part.counts
        return Confusion(classes, counts)
