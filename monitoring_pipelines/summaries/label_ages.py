"""How old predictions were when their labels came, by class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.errors import BinMismatchError

BINS = 64


@dataclass(frozen=True, slots=True, eq=False)
class LabelAges:
    """Of the labels of class c, ``counts[c][i]`` came at an age in ``[i, i + 1)`` times `unit`.

    `unit` is in seconds; the labels are mature at 64 of them. The counts have the shape (65,): the
    last one are labels that came later than that. Ages add up, like everything that is counted.
    """

    unit: float
    counts: Mapping[str, NDArray[np.int64]]

    def share(self, name: str, place: int) -> float:
        """Share of the labels of class `name` that come before the middle of age bin `place`.

        >>> counts = np.eye(1, 65, 10, dtype=int)[0] * 4  # four labels, all in bin 10
        >>> ages = LabelAges(3600.0, {"positive": counts})
        >>> [ages.share("positive", place) for place in (9, 10, 11)]
        [0.0, 0.5, 1.0]
        """
        counts = self.counts[name]
        come = counts[:place].sum() + counts[place : place + 1].sum() / 2
        return float(come / counts.sum())

    def __add__(self, other: LabelAges) -> LabelAges:
        if self.unit != other.unit:
            raise BinMismatchError(BINS, BINS)
        empty = np.zeros(BINS + 1, dtype=np.int64)
        names = sorted({*self.counts, *other.counts})
        return LabelAges(
            self.unit,
            {n: self.counts.get(n, empty) + other.counts.get(n, empty) for n in names},
        )
