"""Performance class by class, and which classes are taken for each other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate
from monitoring_pipelines.checks.performance import MIN_ROWS, judge_performance
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NoLabelError
from monitoring_pipelines.metrics.base import Direction, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import DECISION
from monitoring_pipelines.pipeline.usual import CONFIDENCE
from monitoring_pipelines.stats.intervals import newcombe, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.confusion import Confusion
    from monitoring_pipelines.summaries.labelled import LabelledSummary

RECALL, PRECISION, CONFUSED = "class_recall", "class_precision", "confused_classes"
CLASSES = frozenset({RECALL, PRECISION, CONFUSED})
TOLERANCE = 0.05
# pairs that are stored, those that rose most; of a model with more classes single ones are not told
MAX_PAIRS, MAX_CLASSES = 5, 50


class Part(NamedTuple):
    """`hits` of `of` rows."""

    hits: int
    of: int


def class_results(
    judging: Judging,
    window: Window,
    summaries: tuple[Mapping[str, LabelledSummary], Mapping[str, LabelledSummary]],
    as_of: datetime,
    *,
    final: bool,
) -> list[Result]:
    """Recall and precision of every class, and the pairs that are confused more than before.

    `summaries` are the window's and the reference's. A class warns if it is worse than in the
    reference beyond chance and by more than 0.05; the chance of a false alert is shared over all
    classes and pairs. A class with fewer than 30 rows here or there is left out, and all are while
    labels are below `performance.min_coverage`: the numbers of the whole window say so.
    """
    labelled, reference = (found.get("") for found in summaries)
    table, usual = (one.confusion if one else None for one in (labelled, reference))
    if judging.config.task.judged_as is not Task.MULTICLASS or table is None or labelled is None:
        return []
    names = seen_classes(table)
    early = not final and labelled.coverage < judging.config.performance.min_coverage
    if len(names) > MAX_CLASSES or not table.n or early:
        return []
    shared = {
        "as_of": as_of,
        "status": Status.FINAL if final else Status.PROVISIONAL,
        "label_coverage": labelled.coverage,
    }
    # as many as there are cells besides: each class twice, each pair once
    alpha = judging.alpha(2 * (2 * len(names) + len(names) * (len(names) - 1)))
    told = partial(_result, judging, window, alpha, shared)
    pairs = _pairs(names, table, usual)
    known = [(RECALL, name, recall(table, name), recall(usual, name)) for name in names]
    known += [(PRECISION, name, precision(table, name), precision(usual, name)) for name in names]
    return [
        told(metric, name, (now, before))
        for metric, name, now, before in [*known, *pairs]
        if min(now.of, before.of) >= MIN_ROWS
    ]


def seen_classes(table: Confusion) -> list[str]:
    """Classes that occur, as labels or as decisions."""
    seen = (table.counts.sum(axis=0) + table.counts.sum(axis=1)) > 0
    return [name for name, is_seen in zip(table.classes, seen, strict=True) if is_seen]


def recall(table: Confusion | None, name: str) -> Part:
    """Rows of the class that were decided to be of it."""
    if table is None or name not in table.classes:
        return Part(0, 0)
    at = table.classes.index(name)
    return Part(int(table.counts[at, at]), int(table.counts[at].sum()))


def precision(table: Confusion | None, name: str) -> Part:
    """Rows that were decided to be of the class that are of it."""
    if table is None or name not in table.classes:
        return Part(0, 0)
    at = table.classes.index(name)
    return Part(int(table.counts[at, at]), int(table.counts[:, at].sum()))


def confused(table: Confusion | None, pair: tuple[str, str]) -> Part:
    """Rows of the first class that were decided to be of the second."""
    if table is None or not {*pair} <= {*table.classes}:
        return Part(0, recall(table, pair[0]).of)
    at = tuple(table.classes.index(name) for name in pair)
    return Part(int(table.counts[at]), int(table.counts[at[0]].sum()))


def _pairs(
    names: list[str], table: Confusion, usual: Confusion | None
) -> list[tuple[str, str, Part, Part]]:
    """Of the pairs that are confused more often than in the reference those that rose most.

    What counts is the least that they rose by, so that a rare class does not crowd out a sure one.
    """
    pairs = [(true, other) for true in names for other in names if true != other]
    rises = []
    for pair in pairs:
        now, before = confused(table, pair), confused(usual, pair)
        enough = min(now.of, before.of) >= MIN_ROWS
        if enough and now.hits / now.of > before.hits / before.of:
            rises.append((newcombe(*now, *before, CONFIDENCE)[0], pair, (now, before)))
    rises.sort(key=lambda rise: (-rise[0], rise[1]))
    return [
        (CONFUSED, f"{true} taken for {other}", *parts)
        for _, (true, other), parts in rises[:MAX_PAIRS]
    ]


def _metric(name: str) -> PerformanceMetric:
    worse = Direction.HIGHER_IS_WORSE if name == CONFUSED else Direction.LOWER_IS_WORSE
    return PerformanceMetric(
        name=name,
        tasks=frozenset({Task.MULTICLASS}),
        bounds=(0.0, 1.0),
        direction=worse,
        tolerance=TOLERANCE,
        relative=False,
        compute=_no_summary,
        interval=_no_summary,
    )


def _no_summary(labelled: LabelledSummary, confidence: float = 0.0) -> Any:
    """A share of one class is made of its `Part`."""
    del labelled, confidence
    raise NoLabelError(DECISION)


METRICS = {name: _metric(name) for name in CLASSES}


def _estimate(part: Part, confidence: float) -> Estimate:
    low, high = wilson(part.hits, part.of, confidence)
    return Estimate(part.hits / part.of, low, high, part.of)


def _result(  # noqa: PLR0913, PLR0917 - what is judged, and how
    judging: Judging,
    window: Window,
    alpha: float,
    shared: Mapping[str, Any],
    metric: str,
    column: str,
    parts: tuple[Part, Part],
) -> Result:
    now, before = parts
    confidence = interval_confidence(alpha)
    estimate, usual = _estimate(now, confidence), _estimate(before, confidence)
    low, high = wilson(now.hits, now.of, CONFIDENCE)
    judgement = judge_performance(METRICS[metric], estimate, usual, min_rows=MIN_ROWS)
    return judging.result(
        window,
        metric,
        now.of,
        judgement,
        column=column,
        value=estimate.value,
        low=low,
        high=high,
        reference_value=usual.value,
        tolerance=TOLERANCE,
        **shared,
    )
