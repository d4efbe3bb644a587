"""Labels per distinct score: everything a binary classifier's performance needs, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# integers, or real numbers if the rows are expected and not seen
Counts: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """`negatives[i]` and `positives[i]` labelled rows have the score `scores[i]`.

    `scores` is strictly increasing, shape (k,); the counts are integers of the same shape, or real
    numbers if they are expected and not seen. Two tables add up, so a month is the sum of its days,
    to the last digit of every metric.
    """

    scores: NDArray[np.float64]
    negatives: Counts
    positives: Counts

    @property
    def n(self) -> int:
        """Number of labelled rows."""
        return self.n_negatives + self.n_positives

    @property
    def n_negatives(self) -> int:
        """Rows whose label is the negative class."""
        return total(self.negatives)

    @property
    def n_positives(self) -> int:
        """Rows whose label is the positive class."""
        return total(self.positives)

    @cached_property
    def weighted(
        self,
    ) -> tuple[Counts, NDArray[np.float64], Counts]:
        """``(label, score, weight)``, each of shape (2k,), as scikit-learn's metrics take them."""
        k = len(self.scores)
        label = np.repeat(np.array([0, 1], dtype=np.int64), k)
        weight = np.concatenate([self.negatives, self.positives])
        seen = weight > 0
        return label[seen], np.tile(self.scores, 2)[seen], weight[seen]

    def binned(self, n_bins: int) -> tuple[Counts, Counts, Counts]:
        """``(rows, positives, sum of scores)`` in equal bins of [0, 1], each of shape (n_bins,)."""
        place = np.clip((self.scores * n_bins).astype(np.int64), 0, n_bins - 1)
        rows = self.negatives + self.positives
        return (
            np.bincount(place, rows, n_bins),
            np.bincount(place, self.positives, n_bins),
            np.bincount(place, rows * self.scores, n_bins),
        )

    def rounded(self, digits: int) -> ScoreTable:
        """The same rows with scores rounded to `digits` decimals, for compact storage."""
        return table_of(np.round(self.scores, digits), self.negatives, self.positives)

    def __add__(self, other: ScoreTable) -> ScoreTable:
        return table_of(
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.negatives, other.negatives]),
            np.concatenate([self.positives, other.positives]),
        )


def total(counts: Counts) -> int:
    """Sum of the counts, not rounded if they are expected ones."""
    found: int = counts.sum().item()
    return found


def table_of(scores: NDArray[np.float64], negatives: Counts, positives: Counts) -> ScoreTable:
    """Merge rows of equal score; `scores` may come in any order."""
    unique, place = np.unique(scores, return_inverse=True)
    kind = np.result_type(negatives, positives)  # real as soon as one part is expected
    merged = np.zeros((2, len(unique)), dtype=kind)
    np.add.at(merged[0], place, negatives)
    np.add.at(merged[1], place, positives)
    return ScoreTable(unique, merged[0], merged[1])
