"""Drift of every column against the reference."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import reduce
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.checks.between import widened_change
from monitoring_pipelines.checks.drift import judge_drift
from monitoring_pipelines.checks.judgement import Change
from monitoring_pipelines.errors import DataError
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.pipeline.judging import main_version
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.metrics.base import DriftMetric
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.column import ColumnSummary
    from monitoring_pipelines.summaries.histogram import Histogram
    from monitoring_pipelines.summaries.table import TableSummary


def drift_results(
    judging: Judging,
    window: Window,
    table: TableSummary,
    reference: TableSummary | None,
    earlier: Sequence[TableSummary] = (),
) -> list[Result]:
    """Every drift metric of every column; `unknown` where these data give none.

    `earlier` are the windows that a reference which moves consists of.
    """
    results = []
    version = main_version(table.versions)
    known = reference.columns if reference else {}
    compared = [column for name, column in table.columns.items() if name in known]
    for column in compared:
        before = known[column.name]
        usual = [part.columns[column.name] for part in earlier if column.name in part.columns]
        fitting = [one for one in DRIFT.values() if before.fitting(one.kinds) is not None]
        parts = sum(metric.weight for metric in fitting)
        for metric in fitting:  # drift has a budget of its own, since it only warns
            alpha = judging.alpha(len(compared) * parts / metric.weight)
            found = _measured(judging, window, metric, (before, column, usual), alpha)
            results.append(judging.versioned(found, version))
    if not results:
        reason = (
            "there is no reference to compare with yet"
            if reference is None
            else "no column can be compared"
        )
        results.append(judging.unknown(window, "drift", table.n_rows, reason))
    return results


def _measured(
    judging: Judging,
    window: Window,
    metric: DriftMetric,
    columns: tuple[ColumnSummary, ColumnSummary, Sequence[ColumnSummary]],
    alpha: float,
) -> Result:
    before, column, earlier = columns
    reference = before.fitting(metric.kinds)
    analysis = column.fitting(metric.kinds)
    chosen = judging.config.drift.tolerances.get(metric.name)
    n = analysis.n if analysis is not None else 0
    if analysis is None:
        reason = "the column is not in this window"
        return judging.unknown(window, metric.name, 0, reason, column=column.name)
    try:
        change = Change(
            metric.compute(reference, analysis),
            metric.noise_floor(reference, analysis, alpha),
            metric.expected(reference, analysis),
            min(n, reference.n),
        )
        # the spread of the windows is asked for only where chance does not explain it all
        usual = [part for one in earlier if (part := one.fitting(metric.kinds)) and part.n]
        if usual and change.value > change.noise_floor:
            change = widened_change(metric, change, usual_changes(metric, usual), alpha)
    except DataError as error:
        return judging.unknown(window, metric.name, n, str(error), column=column.name)
    judgement = judge_drift(metric, change, chosen, judging.config.drift.min_rows)
    return judging.result(
        window,
        metric.name,
        n,
        judgement,
        column=column.name,
        value=change.value,
        noise_floor=change.noise_floor,
        tolerance=metric.tolerance if chosen is None else chosen,
        reference_value=change.expected,
    )


def usual_changes(metric: DriftMetric, windows: Sequence[Any]) -> list[Change]:
    """Each window of the reference against all others; none of a single one.

    The windows are summaries of a kind that the metric takes.
    """
    if len(windows) == 1:
        return []
    changes = []
    for window, others in zip(windows, _all_others(windows), strict=True):
        value, expected = metric.compute(others, window), metric.expected(others, window)
        changes.append(Change(value, math.nan, expected, window.n))
    return changes


def _all_others(windows: Sequence[Any]) -> Iterator[Any]:
    """Of each window the sum of all others."""
    if isinstance(windows[0], Vectors):  # a sample cannot be taken away from another
        before = [None, *accumulate(windows, add)]
        after = [*reversed([*accumulate(reversed(windows), add)]), None]
        for i in range(len(windows)):
            sides = [side for side in (before[i], after[i + 1]) if side is not None]
            yield reduce(add, sides)
        return
    together = reduce(add, windows)
    for window in windows:
        yield _without(together, window)


def _without(together: Any, window: Any) -> Histogram | Categories:
    counts = tuple(a - b for a, b in zip(together.counts, window.counts, strict=True))
    if isinstance(together, Categories):
        return replace(together, counts=counts, other=together.other - window.other)
    return replace(together, counts=counts)  # type: ignore[no-any-return]
