"""The estimator's own record: by how much it was wrong, and when it is not to be believed.

An estimate takes for granted that scores mean what they meant in the reference. When the world
changes so that they do not (concept drift), no data without labels can show it; the truth, once it
is final, does. Estimates that were wrong of late are therefore not judged any more, until they are
right again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, number
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.metrics.base import Direction
from monitoring_pipelines.store.results import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.metrics.base import PerformanceMetric
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store

ESTIMATION_ERROR = "estimation_error"
# estimates are muted while so many of the last windows with final labels show them wrong
WRONG, OF = 2, 3
# the record is looked up so many windows back from those whose labels are mature
RECENT = 20


def estimation_error(
    judging: Judging,
    window: Window,
    metric: PerformanceMetric,
    estimated: Result | None,
    realised: Result,
) -> Result | None:
    """Estimate less truth; `warn` if that is beyond the estimate's interval and the tolerance.

    None if there was no estimate, or there is no truth.
    """
    if estimated is None or None in (estimated.value, estimated.low, estimated.high):
        return None
    if realised.value is None:
        return None
    truth, said, low, high = (
        realised.value,
        estimated.value or 0.0,
        estimated.low or 0.0,
        estimated.high or 0.0,
    )
    error = said - truth
    large = abs(error) > (realised.tolerance or 0.0)
    wrong = large and not low <= truth <= high
    name = f"the estimated {metric.name} {number(said)}"
    if wrong:
        how = "optimistic" if _flatters(metric.direction, said, truth) else "pessimistic"
        limit = number(realised.tolerance or 0.0)
        judgement = Judgement(
            Verdict.WARN,
            f"{name} was too {how} by {number(abs(error))} (tolerance {limit}): "
            f"{_why(judging)} in the reference (concept drift)",
        )
    else:
        within = "within its interval" if large else "within the tolerance"
        judgement = Judgement(Verdict.OK, f"{name} was off by {number(abs(error))}, {within}")
    return judging.result(
        window,
        ESTIMATION_ERROR,
        realised.n,
        judgement,
        as_of=realised.as_of,
        status=Status.FINAL,
        value=error,
        low=low - truth,
        high=high - truth,
        reference_value=0.0,
        tolerance=realised.tolerance,
        label_coverage=realised.label_coverage,
    )


def muted(errors: Sequence[Result]) -> str:
    """Why estimates are not to be judged, by their `errors` of late, oldest first; else nothing."""
    last = errors[-OF:]
    wrong = [result for result in last if result.verdict is Verdict.WARN]
    if len(wrong) < WRONG:
        return ""
    off = number(abs(wrong[-1].value or 0.0))
    return (
        f"not judged: of the last {len(last)} windows with final labels the estimate was wrong in "
        f"{len(wrong)}, at last by {off}"
    )


def muted_in(store: Store, model: Model, window: Window) -> str:
    """Why estimates are not to be believed, by what was known of them when `window` ended."""
    recent = model.maturity + RECENT * (window.utc.end - window.utc.start)
    with store.read() as connection:
        errors = read(
            connection,
            model=model.name,
            start=window.utc.start - recent,
            end=window.utc.start,
            metric=ESTIMATION_ERROR,
        )
    return muted([error for error in errors if error.as_of <= window.utc.end])


def stored_estimate(judging: Judging, store: Store, window: Window, metric: str) -> Result | None:
    """What was estimated of all rows of `window` before its labels came."""
    with store.read() as connection:
        stored = read(
            connection,
            model=judging.config.name,
            start=window.utc.start,
            end=window.utc.end,
            metric=metric,
            segment="",
            status=Status.ESTIMATED,
        )
    return next((result for result in stored if result.window == window.utc), None)


def scored(
    judging: Judging, store: Store, window: Window, realised: Sequence[Result]
) -> list[Result]:
    """How wrong the stored estimate of `window` was, now that the truth is final."""
    metric = PERFORMANCE[judging.config.primary_metric]
    estimated = stored_estimate(judging, store, window, metric.name)
    truth = [r for r in realised if r.metric == metric.name and not r.segment]
    found = [estimation_error(judging, window, metric, estimated, r) for r in truth]
    return [result for result in found if result is not None]


def _why(judging: Judging) -> str:
    if judging.config.task is Task.REGRESSION:
        return "rows like these do not have the errors that they had"
    return "scores do not mean what they meant"


def _flatters(direction: Direction, said: float, truth: float) -> bool:
    if direction is Direction.AWAY_FROM_ZERO_IS_WORSE:
        return abs(said) < abs(truth)
    return said > truth if direction is Direction.LOWER_IS_WORSE else said < truth
