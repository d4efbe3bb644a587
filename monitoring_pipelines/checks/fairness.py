"""Whether a group is treated worse than the rest, credibly and by more than a tolerance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, number
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics.base import Direction

if TYPE_CHECKING:
    from monitoring_pipelines.checks.judgement import Estimate
    from monitoring_pipelines.metrics.base import FairnessMetric, Part

MIN_ROWS = 50


def judge_fairness(
    metric: FairnessMetric,
    estimate: Estimate,
    parts: tuple[Part, Part],
    *,
    tolerance: float | None = None,
    min_rows: int = MIN_ROWS,
    fails: bool = False,
) -> Judgement:
    """`warn` (or `fail`, if it `fails`) only if the whole interval is beyond the tolerance.

    A ratio is judged below its tolerance, a gap on both sides of zero. The interval must hold for
    all groups of an attribute at once, since the worst of them is looked at. `parts` are the
    counts of the group and of the rest; with fewer than `min_rows` of either it is `unknown`.

    >>> from monitoring_pipelines.checks.judgement import Estimate
    >>> from monitoring_pipelines.metrics import FAIRNESS
    >>> from monitoring_pipelines.metrics.base import Part
    >>> judge_fairness(
    ...     FAIRNESS["selection_rate_ratio"],
    ...     Estimate(0.6, 0.51, 0.70, 500),
    ...     (Part(150, 500), Part(250, 500)),
    ... ).reason
    '30.0% of 500 rows are selected, of the rest 50.0% of 500: 0.6 (0.51 to 0.7) is beyond 0.8; smallest cell 150'
    """  # noqa: E501 - one sentence of output
    group, rest = parts
    for who, part in (("group", group), ("rest", rest)):
        if part.of < min_rows:
            reason = f"{part.of:,} such rows of the {who} are too few to judge; it needs {min_rows}"
            return Judgement(Verdict.UNKNOWN, reason)
    if any(map(math.isnan, (estimate.value, estimate.low, estimate.high))):
        return Judgement(Verdict.UNKNOWN, f"{metric.name} could not be computed")
    limit = metric.tolerance if tolerance is None else tolerance
    bounds = (estimate.low, estimate.high)
    rates = f"{group.share:.1%} of {group.of:,} {metric.rate}, of the rest {rest.share:.1%} of "
    said = f"{rates}{rest.of:,}: {number(estimate.value)} "
    said += f"({number(bounds[0])} to {number(bounds[1])})"
    smallest = min(n for part in parts for n in (part.hits, part.of - part.hits))
    if _beyond(metric, bounds, limit):
        verdict, how = (Verdict.FAIL if fails else Verdict.WARN), f"is beyond {number(limit)}"
    elif _beyond(metric, (estimate.value, estimate.value), limit):
        verdict = Verdict.OK
        how = f"is beyond {number(limit)}, but chance alone could explain it"
    else:
        verdict, how = Verdict.OK, f"is within {number(limit)}"
    return Judgement(verdict, f"{said} {how}; smallest cell {smallest:,}")


def _beyond(metric: FairnessMetric, bounds: tuple[float, float], limit: float) -> bool:
    if metric.direction is Direction.LOWER_IS_WORSE:
        return bounds[1] < limit
    return bounds[0] > limit or bounds[1] < -limit
