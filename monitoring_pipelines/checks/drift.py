"""Whether a column's distribution moved. Drift explains; it never pages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, number
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.base import DriftMetric

MIN_ROWS = 200


def judge_drift(
    metric: DriftMetric,
    value: float,
    noise_floor: float,
    tolerance: float | None,
    n: int,
    min_rows: int = MIN_ROWS,
) -> Judgement:
    """`warn` if the value is beyond what chance gives and beyond what matters; never `fail`.

    `n` is the smaller of the two periods' numbers of values. Without a `tolerance` the metric's
    own is taken.

    >>> from monitoring_pipelines.metrics import DRIFT
    >>> judge_drift(DRIFT["psi"], 0.31, 0.02, None, 5_000).reason
    'psi 0.31 is beyond the tolerance 0.1, and chance alone would give at most 0.02'
    """
    limit = metric.tolerance if tolerance is None else tolerance
    if n < min_rows:
        return Judgement(
            Verdict.UNKNOWN, f"{n:,} values are too few to judge; it needs {min_rows:,}"
        )
    if math.isnan(value) or math.isnan(noise_floor):
        return Judgement(Verdict.UNKNOWN, f"{metric.name} could not be computed")
    said = f"{metric.name} {number(value)}"
    chance = f"chance alone would give at most {number(noise_floor)}"
    if value <= noise_floor:
        return Judgement(Verdict.OK, f"{said} is no more than chance: {chance}")
    if (
        tolerance is None and limit <= 0
    ):  # a statistic that grows with the rows cannot tell what matters
        return Judgement(Verdict.OK, f"{said} is more than chance, which tells nothing of its size")
    if value <= limit:
        return Judgement(
            Verdict.OK, f"{said} is more than chance, but within the tolerance {number(limit)}"
        )
    return Judgement(Verdict.WARN, f"{said} is beyond the tolerance {number(limit)}, and {chance}")
