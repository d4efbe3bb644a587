"""Performance estimated from what a model said alone, before any label has come."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate, Judgement
from monitoring_pipelines.checks.performance import judge_performance
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError, NotApplicableError
from monitoring_pipelines.estimation.estimate import NOT_ESTIMATED, estimate
from monitoring_pipelines.estimation.expected import expect
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.pipeline.usual import CONFIDENCE, is_never_given, usual_and_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.estimation.expected import Expectation
    from monitoring_pipelines.metrics.base import PerformanceMetric
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.predicted import PredictedSummary


def estimated_results(
    judging: Judging,
    window: Window,
    predicted: Mapping[str, PredictedSummary],
    reference: Mapping[str, LabelledSummary],
    muted: str = "",
    earlier: Sequence[Mapping[str, LabelledSummary]] = (),
) -> list[Result]:
    """Every metric of a classifier, for all rows and per segment, as if expected labels were known.

    `muted` says why estimates are not to be trusted at present; then none is judged. `earlier` are
    the summaries of the windows that a reference which moves consists of.
    """
    results = []
    for segment, summary in predicted.items():
        parts = [part[segment] for part in earlier if segment in part]
        told, usual = (segment, muted), reference.get(segment)
        expected = partial(expect, summary, usual) if usual else None
        results += segment_results(judging, window, expected, usual, told, parts)
    return results


def segment_results(
    judging: Judging,
    window: Window,
    expected: Callable[[], Expectation] | None,
    usual: LabelledSummary | None,
    told: tuple[str, str],
    earlier: Sequence[LabelledSummary] = (),
) -> list[Result]:
    """Every metric of the task on what is `expected`; `told` are segment and mute."""
    try:
        if usual is None or expected is None:
            raise NotApplicableError("the reference has no labels to estimate by")
        expectation = expected()
    except DataError as error:
        primary = judging.config.primary_metric
        return [unestimated(judging, window, primary, str(error), told[0])]
    task = judging.config.task.judged_as
    metrics = [metric for metric in PERFORMANCE.values() if task in metric.tasks]
    found = [
        estimated_result(judging, window, metric, (expectation, usual), told, earlier)
        for metric in metrics
        if metric.name not in NOT_ESTIMATED
    ]
    return [result for result in found if result is not None]


def unestimated(
    judging: Judging, window: Window, metric: str, reason: str, segment: str = ""
) -> Result:
    """There is no estimate, and why."""
    return judging.unknown(window, metric, 0, reason, segment=segment, status=Status.ESTIMATED)


def estimated_result(
    judging: Judging,
    window: Window,
    metric: PerformanceMetric,
    found: tuple[Expectation, LabelledSummary],
    told: tuple[str, str],
    earlier: Sequence[LabelledSummary] = (),
) -> Result | None:
    """The metric on expected labels, judged against the reference; `told` are segment and mute.

    `earlier` are the windows of a reference that moves.
    """
    (expectation, reference), (segment, muted) = found, told
    primary = metric.name == judging.config.primary_metric
    # the same share of the budget as the realised number, which this one stands for
    alpha = judging.alpha(2)
    try:
        confidences = CONFIDENCE, interval_confidence(alpha)
        value, (shown, judged) = estimate(metric, expectation, confidences)
    except NotApplicableError as error:
        return unestimated(judging, window, metric.name, str(error), segment) if primary else None
    except DataError as error:
        if not primary and is_never_given(judging.config, error):
            return None
        return unestimated(judging, window, metric.name, str(error), segment)
    chosen = judging.config.performance.tolerance if primary else None
    usual, limit = usual_and_limit(metric, reference, earlier, alpha, chosen)
    judgement = judge_performance(
        metric,
        Estimate(value, *judged, expectation.n, expectation.labelled.rarer),
        usual,
        tolerance=chosen,
        decides=primary and not segment,
        min_rows=judging.config.performance.min_rows,
        estimated=True,
    )
    if muted and judgement.verdict is not Verdict.UNKNOWN:
        judgement = Judgement(Verdict.UNKNOWN, muted)
    return judging.result(
        window,
        metric.name,
        expectation.n,
        judgement,
        segment=segment,
        status=Status.ESTIMATED,
        value=value,
        low=shown[0],
        high=shown[1],
        reference_value=usual.value if usual else None,
        tolerance=limit,
    )
