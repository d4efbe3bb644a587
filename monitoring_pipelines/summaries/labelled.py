"""A window's predictions beside the labels that were known at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.label_ages import LabelAges
from monitoring_pipelines.summaries.ranked import Ranked
from monitoring_pipelines.summaries.ratings import Ratings
from monitoring_pipelines.summaries.residuals import Residuals
from monitoring_pipelines.summaries.score_table import ScoreTable

# below so many distinct scores a table of them is kept exactly
EXACT_SCORES = 50_000

T = TypeVar("T", ScoreTable, Confusion, Residuals, LabelAges, Ranked, Ratings)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSummary:
    """`n_labelled` of `n_rows` predictions have a label.

    A binary model with a score has `scores`; one with a decided class has `confusion`; a
    multiclass model has `confusion` and, with probabilities, `class_scores`: one one-vs-rest
    table per class, and `ranked`. A regression has `residuals`, an application whose answers are
    scored has `ratings`. A classifier whose labels tell when they came has `ages`, with the classes
    named as in `confusion`. `last_available` is the arrival of the newest label that was used.
    """

    n_rows: int
    n_labelled: int
    scores: ScoreTable | None = None
    confusion: Confusion | None = None
    class_scores: Mapping[str, ScoreTable] = field(default_factory=dict)
    residuals: Residuals | None = None
    last_available: datetime | None = None
    ages: LabelAges | None = None
    ranked: Ranked | None = None
    ratings: Ratings | None = None

    @property
    def coverage(self) -> float:
        """Share of the predictions that have a label; 0 of no predictions."""
        return self.n_labelled / self.n_rows if self.n_rows else 0.0

    @property
    def rarer(self) -> float | None:
        """Scored rows of a binary model's rarer class; None if it logs no scores."""
        if self.scores is None:
            return None
        return min(self.scores.n_negatives, self.scores.n_positives)

    def compact(self) -> LabelledSummary:
        """The same for storage: scores of more than 50,000 values are kept to four decimals."""
        if self.scores is None or len(self.scores.scores) <= EXACT_SCORES:
            return self
        return replace(self, scores=self.scores.rounded(4))

    def __add__(self, other: LabelledSummary) -> LabelledSummary:
        arrivals = [t for t in (self.last_available, other.last_available) if t]
        return LabelledSummary(
            self.n_rows + other.n_rows,
            self.n_labelled + other.n_labelled,
            _sum(self.scores, other.scores),
            _sum(self.confusion, other.confusion),
            {
                name: table
                for name in sorted({*self.class_scores, *other.class_scores})
                if (table := _sum(self.class_scores.get(name), other.class_scores.get(name)))
            },
            _sum(self.residuals, other.residuals),
            max(arrivals, default=None),
            _sum(self.ages, other.ages),
            _sum(self.ranked, other.ranked),
            _sum(self.ratings, other.ratings),
        )


def _sum(a: T | None, b: T | None) -> T | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b
