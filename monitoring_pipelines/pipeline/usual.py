"""What a number is judged against: the same number in the reference."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.between import widened_estimate
from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate
from monitoring_pipelines.errors import DataError, NoLabelError
from monitoring_pipelines.metrics.labelled_parts import DECISION
from monitoring_pipelines.stats.intervals import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.metrics.base import PerformanceMetric
    from monitoring_pipelines.summaries.labelled import LabelledSummary

CONFIDENCE = 0.95  # of the interval that is shown


@lru_cache(maxsize=1_000)  # one fixed reference serves every window of a run
def reference_estimate(
    metric: PerformanceMetric, reference: LabelledSummary | None, confidence: float
) -> Estimate | None:
    """The metric in the reference; None if that has no labels, or labels of one class."""
    if reference is None or not reference.n_labelled:
        return None
    try:
        interval = metric.interval(reference, confidence)
        return Estimate(metric.compute(reference), *interval, reference.n_labelled, reference.rarer)
    except DataError:
        return None


def is_never_given(config: ModelConfig, error: DataError) -> bool:
    """Whether a metric lacks what this model does not log at all: decisions beside its score."""
    decides = config.predictions.columns.prediction or config.performance.threshold is not None
    return isinstance(error, NoLabelError) and error.needs == DECISION and not decides


def smallest_loss(
    metric: PerformanceMetric, usual: Estimate | None, chosen: float | None
) -> float | None:
    """Smallest loss that matters, in the metric's own unit."""
    if usual is not None:
        return metric.limit(usual.value, chosen)
    return None if metric.relative else metric.tolerance if chosen is None else chosen


def usual_and_limit(
    metric: PerformanceMetric,
    reference: LabelledSummary | None,
    earlier: Sequence[LabelledSummary],
    alpha: float,
    chosen: float | None,
) -> tuple[Estimate | None, float | None]:
    """The reference's estimate at `alpha`, and the smallest loss that matters.

    The estimate is as wide as the windows of a reference that moves, `earlier`, differ.
    """
    usual = reference_estimate(metric, reference, interval_confidence(alpha))
    limit = smallest_loss(metric, usual, chosen)
    windows = [e for part in earlier if (e := reference_estimate(metric, part, CONFIDENCE))]
    if usual and windows:
        z = normal_quantile(CONFIDENCE)
        usual = widened_estimate(usual, windows, limit or 0.0, alpha, z)
    return usual, limit
