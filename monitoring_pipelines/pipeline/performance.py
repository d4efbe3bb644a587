"""Realised performance against the labels that have come, beside their coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate, Judgement
from monitoring_pipelines.checks.performance import judge_performance
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError, NotApplicableError
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.pipeline.early import corrected_result, look_early
from monitoring_pipelines.pipeline.judges import judge_results
from monitoring_pipelines.pipeline.usual import CONFIDENCE, is_never_given, usual_and_limit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.estimation.delay import Waiting
    from monitoring_pipelines.metrics.base import PerformanceMetric
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.labelled import LabelledSummary

# a mature window with less than this part of the usual coverage has lost its labels
LOST_LABELS = 0.5

Summaries = dict[str, "LabelledSummary"]


def performance_results(  # noqa: PLR0913 - what is judged, and what it is judged by
    judging: Judging,
    window: Window,
    summaries: tuple[Summaries, Summaries],
    as_of: datetime,
    *,
    final: bool,
    waiting: Mapping[str, Waiting] | None = None,
    muted: str = "",
    earlier: Sequence[Summaries] = (),
) -> list[Result]:
    """Coverage and every metric of the task, for all rows and per segment.

    `summaries` are the window's and the reference's, by segment. `waiting` are its rows without a
    label; if the labels of one class come before another's, those are filled in by what their
    scores let expect, unless such estimates are `muted`. `earlier` are the summaries of the windows
    that a reference which moves consists of.
    """
    status = Status.FINAL if final else Status.PROVISIONAL
    found, usual = summaries
    results = []
    for segment, labelled in found.items():
        reference = usual.get(segment)
        early = look_early(labelled, reference, (waiting or {}).get(segment, {}), muted)
        parts = [part[segment] for part in earlier if segment in part]
        shared = {
            "segment": segment,
            "as_of": as_of,
            "status": status,
            "label_coverage": labelled.coverage,
        }
        pair = labelled, reference
        results.append(_coverage(judging, window, pair, shared, early.bias))
        results += judge_results(judging, window, pair, shared)
        for metric in PERFORMANCE.values():
            if judging.config.task.judged_as in metric.tasks:
                if early.bias and labelled.n_labelled and reference is not None:
                    result = corrected_result(judging, window, metric, (early, reference), shared)
                else:
                    known = (labelled, reference, parts)
                    result = _measured(judging, window, metric, known, shared)
                results += [result] if result else []
    return results


def _coverage(
    judging: Judging,
    window: Window,
    summaries: tuple[LabelledSummary, LabelledSummary | None],
    shared: dict[str, object],
    bias: str,
) -> Result:
    labelled, reference = summaries
    usual = reference.coverage if reference and reference.n_rows else None
    counts = f"{labelled.n_labelled:,} of {labelled.n_rows:,} predictions have a label"
    final = shared["status"] is Status.FINAL
    if not labelled.n_rows:
        judgement = Judgement(Verdict.UNKNOWN, "no predictions that could have labels")
    elif not final:
        verdict = Verdict.OK if labelled.n_labelled else Verdict.UNKNOWN
        judgement = Judgement(verdict, f"{counts} so far{bias and '; '}{bias}")
    elif labelled.coverage < LOST_LABELS * (usual if usual is not None else 1.0):
        verdict = Verdict.FAIL if not shared["segment"] else Verdict.WARN
        judgement = Judgement(verdict, f"{counts} although they are mature")
    else:
        judgement = Judgement(Verdict.OK, counts)
    return judging.result(
        window,
        "label_coverage",
        labelled.n_rows,
        judgement,
        value=labelled.coverage,
        reference_value=usual,
        **shared,
    )


def _measured(
    judging: Judging,
    window: Window,
    metric: PerformanceMetric,
    summaries: tuple[LabelledSummary, LabelledSummary | None, Sequence[LabelledSummary]],
    shared: dict[str, object],
) -> Result | None:
    labelled, reference, earlier = summaries
    primary = metric.name == judging.config.primary_metric
    n = labelled.n_labelled
    if not n:
        reason = f"no labels yet (0 of {labelled.n_rows:,})"
        return judging.unknown(window, metric.name, 0, reason, **shared) if primary else None
    # half of the budget for the one metric that pages, half for all checks of the data
    alpha = judging.alpha(2)
    confidence = interval_confidence(alpha)
    try:
        value = metric.compute(labelled)
        low, high = metric.interval(labelled, CONFIDENCE)
        estimate = Estimate(value, *metric.interval(labelled, confidence), n, labelled.rarer)
    except NotApplicableError as error:
        return judging.unknown(window, metric.name, n, str(error), **shared) if primary else None
    except DataError as error:
        if not primary and is_never_given(judging.config, error):
            return None
        return judging.unknown(window, metric.name, n, str(error), **shared)
    chosen = judging.config.performance.tolerance if primary else None
    chosen = judging.config.signals.tolerances.get(metric.name, chosen)
    usual, limit = usual_and_limit(metric, reference, earlier, alpha, chosen)
    judgement = judge_performance(
        metric,
        estimate,
        usual,
        tolerance=chosen,
        decides=primary and not shared["segment"],
        min_rows=judging.config.performance.min_rows,
    )
    return judging.result(
        window,
        metric.name,
        n,
        _withheld(judging, labelled, judgement, shared),
        value=value,
        low=low,
        high=high,
        reference_value=usual.value if usual else None,
        tolerance=limit,
        **shared,
    )


def _withheld(
    judging: Judging, labelled: LabelledSummary, judgement: Judgement, shared: dict[str, object]
) -> Judgement:
    """No verdict on early labels: the first to arrive are not like the rest."""
    enough = labelled.coverage >= judging.config.performance.min_coverage
    if shared["status"] is Status.FINAL or enough or judgement.verdict is Verdict.UNKNOWN:
        return judgement
    least = judging.config.performance.min_coverage
    come = f"only {labelled.coverage:.0%} of the labels have come"
    reason = f"{come}, {least:.0%} are needed for a verdict"
    return Judgement(Verdict.UNKNOWN, reason)
