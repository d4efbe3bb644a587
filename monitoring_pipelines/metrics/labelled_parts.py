"""The part of a labelled summary that a metric needs, or the error that says what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import NoLabelError, NotApplicableError, OneClassError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.summaries.confusion import Confusion
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.ratings import Ratings
    from monitoring_pipelines.summaries.residuals import Residuals
    from monitoring_pipelines.summaries.score_table import ScoreTable

DECISION = "decided class"


@dataclass(frozen=True, slots=True)
class Cells:
    """The four cells of a binary model's table."""

    true_negatives: int
    false_positives: int
    false_negatives: int
    true_positives: int


def scores(labelled: LabelledSummary) -> ScoreTable:
    """Labels per score of a binary model, at least one row."""
    if labelled.scores is None or not labelled.scores.n:
        raise NoLabelError("score")
    return labelled.scores


def two_class_scores(labelled: LabelledSummary) -> ScoreTable:
    """The same, with at least one row of either class."""
    table = scores(labelled)
    if not table.n_negatives or not table.n_positives:
        raise OneClassError(table.n)
    return table


def probabilities(labelled: LabelledSummary) -> ScoreTable:
    """The same as `scores`, all in [0, 1]."""
    table = scores(labelled)
    require_probabilities(table)
    return table


def require_probabilities(table: ScoreTable) -> None:
    """Refuse scores that cannot be probabilities."""
    low, high = float(table.scores.min()), float(table.scores.max())
    if low < 0 or high > 1:
        raise NotApplicableError(
            f"scores from {low:.4g} to {high:.4g} are not probabilities, which lie in [0, 1]"
        )


def class_scores(labelled: LabelledSummary) -> Mapping[str, ScoreTable]:
    """One table per class of a multiclass model, at least one row."""
    if not any(table.n for table in labelled.class_scores.values()):
        raise NoLabelError("score for each class")
    return labelled.class_scores


def confusion(labelled: LabelledSummary) -> Confusion:
    """Decided against true classes, at least one row."""
    if labelled.confusion is None or not labelled.confusion.n:
        raise NoLabelError(DECISION)
    return labelled.confusion


def cells(labelled: LabelledSummary) -> Cells:
    """The four cells of a binary model's table, at least one row."""
    table = confusion(labelled)
    if table.counts.shape != (2, 2):
        raise NotApplicableError(f"{len(table.classes)} classes are not two: it is a binary metric")
    (tn, fp), (fn, tp) = table.counts.tolist()
    return Cells(tn, fp, fn, tp)


def ratings(labelled: LabelledSummary) -> Ratings:
    """Scores of an application's answers, at least one."""
    if labelled.ratings is None or not labelled.ratings.moments.n:
        raise NoLabelError("score")
    return labelled.ratings


def residuals(labelled: LabelledSummary) -> Residuals:
    """Sums of a regression model's errors, at least one row."""
    if labelled.residuals is None or not labelled.residuals.n:
        raise NoLabelError("predicted number")
    return labelled.residuals
