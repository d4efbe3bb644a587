"""How the true class stood among the probabilities of all classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitoring_pipelines.summaries.score_table import Counts, ScoreTable, total


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Labelled rows with a probability of every class.

    `ranks[i]` of them have i classes that are more probable than the true one (of equally probable
    ones the later in the order of names counts as more probable, as in scikit-learn), shape (k,)
    for k classes. `confidence` has the probability of the decided class as score, and as label
    whether the decision was right. `n_issues` rows are confidently of another class than their
    label.
    """

    ranks: Counts
    confidence: ScoreTable
    n_issues: int

    @property
    def n(self) -> int:
        """Number of rows."""
        return total(self.ranks)

    def __add__(self, other: Ranked) -> Ranked:
        ranks = np.zeros(max(len(self.ranks), len(other.ranks)), dtype=np.int64)
        ranks[: len(self.ranks)] += self.ranks
        ranks[: len(other.ranks)] += other.ranks
        confidence = self.confidence + other.confidence
        return Ranked(ranks, confidence, self.n_issues + other.n_issues)
