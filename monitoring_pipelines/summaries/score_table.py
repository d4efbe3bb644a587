"""Labels per distinct score: everything a binary classifier's performance needs, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """`negatives[i]` and `positives[i]` labelled rows have the score `scores[i]`.

    `scores` is strictly increasing, shape (k,); the counts are integers of the same shape. Two
    tables add up, so a month is the sum of its days, to the last digit of every metric.
    """

    scores: NDArray[np.float64]
    negatives: NDArray[np.int64]
    positives: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Number of labelled rows."""
        return self.n_negatives + self.n_positives

    @property
    def n_negatives(self) -> int:
        """Rows whose label is the negative class."""
        return int(self.negatives.sum())

    @property
    def n_positives(self) -> int:
        """Rows whose label is the positive class."""
        return int(self.positives.sum())

    @cached_property
    def weighted(
        self,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """``(label, score, weight)``, each of shape (2k,), as scikit-learn's metrics take them."""
        k = len(self.scores)
        label = np.repeat(np.array([0, 1], dtype=np.int64), k)
        weight = np.concatenate([self.negatives, self.positives])
        seen = weight > 0
        return label[seen], np.tile(self.scores, 2)[seen], weight[seen]

    def rounded(self, digits: int) -> ScoreTable:
        """The same rows with scores rounded to `digits` decimals, for compact storage."""
        return _table(np.round(self.scores, digits), self.negatives, self.positives)

    def __add__(self, other: ScoreTable) -> ScoreTable:
        return _table(
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.negatives, other.negatives]),
            np.concatenate([self.positives, other.positives]),
        )


def _table(
    scores: NDArray[np.float64], negatives: NDArray[np.int64], positives: NDArray[np.int64]
) -> ScoreTable:
    unique, place = np.unique(scores, return_inverse=True)
    merged = np.zeros((2, len(unique)), dtype=np.int64)
    np.add.at(merged[0], place, negatives)
    np.add.at(merged[1], place, positives)
    return ScoreTable(unique, merged[0], merged[1])
