"""Whether a model performs worse than it did in its reference period."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, number
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics.base import Direction, SignalMetric
from monitoring_pipelines.stats.intervals import difference

if TYPE_CHECKING:
    from monitoring_pipelines.checks.judgement import Estimate
    from monitoring_pipelines.metrics.base import Interval, PerformanceMetric

MIN_ROWS = 30


def judge_performance(  # noqa: PLR0913 - what is judged, and how
    metric: PerformanceMetric | SignalMetric,
    estimate: Estimate,
    reference: Estimate | None,
    *,
    tolerance: float | None = None,
    decides: bool = False,
    min_rows: int = MIN_ROWS,
    estimated: bool = False,
) -> Judgement:
    """Worse beyond the tolerance, and not by chance: `fail` if it `decides`, else `warn`.

    `estimated` tells that the value was estimated without labels; the sentence then says so.

    Both intervals must have the confidence ``interval_confidence(alpha)``; then the interval of
    their difference [1]_ is beyond zero by chance with probability alpha. An improvement is `ok`.

    >>> from monitoring_pipelines.checks.judgement import Estimate
    >>> from monitoring_pipelines.metrics import PERFORMANCE
    >>> judge_performance(
    ...     PERFORMANCE["roc_auc"],
    ...     Estimate(0.8035, 0.790, 0.816, 5_000),
    ...     Estimate(0.9034, 0.901, 0.906, 68_785),
    ...     decides=True,
    ... ).reason
    'roc_auc 0.8035 is 0.0999 worse than the reference 0.9034 (tolerance 0.02); chance alone would explain 0.01273'

    References
    ----------
    .. [1] G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a
       general approach", Stat. Med. 27(10), 1693-1702, 2008. doi:10.1002/sim.3095
    """  # noqa: E501 - one sentence of output
    name = f"estimated {metric.name}" if estimated else metric.name
    said = f"{name} {number(estimate.value)}"
    few = "rows with a score" if estimated else _rows(metric)
    if reason := _too_few(metric, few, (estimate, reference), min_rows):
        return Judgement(Verdict.UNKNOWN, reason)
    if refusal := _refusal(metric, said, estimate, reference, min_rows):
        return Judgement(Verdict.UNKNOWN, refusal)
    assert reference is not None  # noqa: S101 - refused above
    worse, at_least = _worsening(metric.direction, estimate, reference)
    limit = metric.limit(reference.value, tolerance)
    against = f"the reference {number(reference.value)}"
    if worse <= 0:
        better = _most_worse(metric.direction, estimate, reference) < 0
        word = "better than" if better else "no worse than"
        return Judgement(Verdict.OK, f"{said} is {word} {against}")
    size = f"{number(worse)} worse than {against}"
    if worse <= limit:
        return Judgement(Verdict.OK, f"{said} is {size}, within the tolerance {number(limit)}")
    chance = worse - at_least
    if at_least <= 0:
        return Judgement(
            Verdict.OK, f"{said} is {size}, but chance alone could explain {number(chance)}"
        )
    return Judgement(
        Verdict.FAIL if decides else Verdict.WARN,
        f"{said} is {size} (tolerance {number(limit)}); "
        f"chance alone would explain {number(chance)}",
    )


def _too_few(
    metric: PerformanceMetric | SignalMetric,
    rows: str,
    periods: tuple[Estimate, Estimate | None],
    min_rows: int,
) -> str:
    if periods[0].n < min_rows:
        return f"{periods[0].n:,} {rows} are too few to judge; it needs {min_rows:,}"
    if isinstance(metric, SignalMetric):
        return ""
    for found, where in zip(periods, ("", " in the reference"), strict=True):
        if found and found.rarer is not None and found.rarer < metric.least_of_class:
            few = f"{round(found.rarer)} labels of the rarer class{where}"
            return f"{few} are too few to judge {metric.name}; it needs {metric.least_of_class}"
    return ""


def _refusal(
    metric: PerformanceMetric | SignalMetric,
    said: str,
    estimate: Estimate,
    reference: Estimate | None,
    min_rows: int,
) -> str:
    if any(math.isnan(x) for x in (estimate.value, estimate.low, estimate.high)):
        return f"{metric.name} could not be computed"
    if reference is None:
        return f"{said} has no reference to be compared with"
    if any(math.isnan(x) for x in (reference.value, reference.low, reference.high)):
        return f"{metric.name} could not be computed in the reference"
    if reference.n < min_rows:
        return f"the reference has {reference.n:,} {_rows(metric)}; it needs {min_rows:,}"
    return ""


def _rows(metric: PerformanceMetric | SignalMetric) -> str:
    return "rows" if isinstance(metric, SignalMetric) else "labelled rows"


def _worsening(
    direction: Direction, estimate: Estimate, reference: Estimate
) -> tuple[float, float]:
    """How much worse, and the least that it is worse by."""
    value, interval = _badness(direction, estimate)
    other, other_interval = _badness(direction, reference)
    return value - other, difference(value, interval, other, other_interval)[0]


def _most_worse(direction: Direction, estimate: Estimate, reference: Estimate) -> float:
    """The most that it is worse by; below zero it is credibly better."""
    value, interval = _badness(direction, estimate)
    other, other_interval = _badness(direction, reference)
    return difference(value, interval, other, other_interval)[1]


def _badness(direction: Direction, estimate: Estimate) -> tuple[float, Interval]:
    """The value on a scale that grows as the model gets worse."""
    mirrored = (-estimate.value, (-estimate.high, -estimate.low))
    plain = (estimate.value, (estimate.low, estimate.high))
    if direction is Direction.LOWER_IS_WORSE:
        return mirrored
    if direction is Direction.AWAY_FROM_ZERO_IS_WORSE and estimate.value < 0:
        return mirrored
    return plain
