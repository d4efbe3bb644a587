"""Whether a column's distribution moved. Drift explains; it never pages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, number
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from monitoring_pipelines.checks.judgement import Change
    from monitoring_pipelines.metrics.base import DriftMetric

MIN_ROWS = 200


def judge_drift(
    metric: DriftMetric,
    change: Change,
    tolerance: float | None = None,
    min_rows: int = MIN_ROWS,
) -> Judgement:
    """`warn` if the value is beyond what chance gives and beyond what matters; never `fail`.

    What matters is compared with the value less the part that chance gives on average: with few
    rows or many levels that part alone is beyond any custom. Without a `tolerance` the metric's
    own is taken.

    >>> from monitoring_pipelines.checks.judgement import Change
    >>> from monitoring_pipelines.metrics import DRIFT
    >>> judge_drift(DRIFT["psi"], Change(0.31, 0.02, 0.002, 5_000)).reason
    'psi 0.31 is beyond the tolerance 0.1, and chance alone would give at most 0.02'
    """
    if change.n < min_rows:
        return Judgement(
            Verdict.UNKNOWN, f"{change.n:,} values are too few to judge; it needs {min_rows:,}"
        )
    if math.isnan(change.value) or math.isnan(change.noise_floor):
        return Judgement(Verdict.UNKNOWN, f"{metric.name} could not be computed")
    return _judged(metric, change, tolerance)


def _judged(metric: DriftMetric, change: Change, tolerance: float | None) -> Judgement:
    limit = metric.tolerance if tolerance is None else tolerance
    said = f"{metric.name} {number(change.value)}"
    chance = f"chance alone would give at most {number(change.noise_floor)}"
    if change.value <= change.noise_floor:
        return Judgement(Verdict.OK, f"{said} is no more than chance: {chance}")
    if (
        tolerance is None and limit <= 0
    ):  # a statistic that grows with the rows cannot tell what matters
        return Judgement(Verdict.OK, f"{said} is more than chance, which tells nothing of its size")
    within = f"within the tolerance {number(limit)}"
    if change.value <= limit:
        return Judgement(Verdict.OK, f"{said} is more than chance, but {within}")
    excess = metric.excess(change.value, change.expected)
    if excess <= limit:
        size = f"{number(excess)} without the part that chance gives on average"
        return Judgement(Verdict.OK, f"{said} is more than chance, but {size}: {within}")
    return Judgement(Verdict.WARN, f"{said} is beyond the tolerance {number(limit)}, and {chance}")
