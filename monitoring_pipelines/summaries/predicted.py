"""A window's predictions by themselves: what performance is estimated from before labels come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCounts:
    """`counts[i]` rows have the score ``scores[place[i]]`` and were decided as ``decided[i]``.

    `scores` is strictly increasing, shape (k,). `decided` are places in `classes`, or -1 for rows
    without a decided class. The last three have the same shape; no pair of score and class is
    there twice, so they are no longer than the rows of the window.
    """

    scores: NDArray[np.float64]
    classes: tuple[str, ...]
    place: NDArray[np.int64]
    decided: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Number of rows that have a score."""
        return int(self.counts.sum())

    @property
    def rows(self) -> NDArray[np.float64]:
        """Rows per score, shape (k,)."""
        return np.bincount(self.place, self.counts, len(self.scores)).astype(np.float64)

    def by_decision(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the rows of each decided class of the weight of their score, shape (m,).

        >>> one, two = np.array([0, 1]), np.array([2, 3])
        >>> counts = ScoreCounts(np.array([0.2, 0.8]), ("no", "yes"), one, one, two)
        >>> counts.by_decision(counts.scores).tolist()
        [0.4, 2.4]
        """
        known = self.decided >= 0
        weight = weights[self.place[known]] * self.counts[known]
        return np.bincount(self.decided[known], weight, len(self.classes)).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class PredictedSummary:
    """`n_rows` predictions, whether or not they have a label.

    A binary model with a score has `scores`, a multiclass model with probabilities one table per
    class in `class_scores`. The shares of a window's scores are all that an estimate needs of it.
    """

    n_rows: int
    scores: ScoreCounts | None = None
    class_scores: Mapping[str, ScoreCounts] = field(default_factory=dict)
