"""Numbers from labels that came early, corrected for those that are on their way, or withheld."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.errors import DataError
from monitoring_pipelines.estimation.delay import adjusted, early_bias
from monitoring_pipelines.estimation.estimate import NOT_ESTIMATED
from monitoring_pipelines.pipeline.estimates import estimated_result
from monitoring_pipelines.pipeline.judging import MAX_REASON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.estimation.delay import Waiting
    from monitoring_pipelines.estimation.expected import Expectation
    from monitoring_pipelines.metrics.base import PerformanceMetric
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.labelled import LabelledSummary


@dataclass(frozen=True, slots=True)
class Early:
    """Which class is ahead (`bias`, a sentence), and what all labels will say, or `why_not`."""

    bias: str = ""
    expectation: Expectation | None = None
    why_not: str = ""


def look_early(
    labelled: LabelledSummary, reference: LabelledSummary | None, waiting: Waiting, muted: str
) -> Early:
    """Whether the labels that are known are like the rest, and what the rest may be.

    `muted` says why expected labels are not to be trusted at present.
    """
    bias = early_bias(reference, waiting) if reference else ""
    if not bias or reference is None or not labelled.n_labelled:
        return Early(bias)
    if muted or labelled.scores is None:
        return Early(bias, None, muted)
    try:
        return Early(bias, adjusted(labelled, waiting, reference))
    except DataError as error:
        return Early(bias, None, str(error))


def corrected_result(
    judging: Judging,
    window: Window,
    metric: PerformanceMetric,
    found: tuple[Early, LabelledSummary],
    shared: Mapping[str, Any],
) -> Result | None:
    """The metric as all labels let expect it, in place of one that early labels would bias."""
    early, reference = found
    segment = str(shared["segment"])
    if early.expectation is None or metric.name in NOT_ESTIMATED:
        if metric.name != judging.config.primary_metric:
            return None
        reason = "; ".join(part for part in (early.bias, early.why_not) if part)
        return judging.unknown(window, metric.name, 0, reason, **shared)
    result = estimated_result(
        judging, window, metric, (early.expectation, reference), (segment, "")
    )
    if result is None:
        return None
    reason = f"{result.reason} (corrected: {early.bias})"[:MAX_REASON]
    return replace(result, **shared, reason=reason)
