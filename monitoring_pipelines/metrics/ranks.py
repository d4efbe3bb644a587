"""Parts of the metrics of ranked classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.errors import NoLabelError, NotApplicableError
from monitoring_pipelines.stats.intervals import wilson

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.base import Interval
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.ranked import Ranked


def ranked(labelled: LabelledSummary) -> Ranked:
    """Ranks of the true class, at least one row."""
    if labelled.ranked is None or not labelled.ranked.n:
        raise NoLabelError("probability of every class")
    return labelled.ranked


def top(labelled: LabelledSummary, k: int) -> tuple[int, int]:
    """Rows whose true class is among the `k` most probable, and all rows."""
    found = ranked(labelled)
    if len(found.ranks) <= k:
        raise NotApplicableError(f"of {len(found.ranks)} classes any is among {k}")
    return int(found.ranks[:k].sum()), found.n


def top_interval(labelled: LabelledSummary, k: int, confidence: float) -> Interval:
    """Wilson's interval of the share."""
    return wilson(*top(labelled, k), confidence)
