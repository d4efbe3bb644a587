"""Drift of every column against the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.drift import judge_drift
from monitoring_pipelines.checks.judgement import Change
from monitoring_pipelines.errors import DataError
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.pipeline.judging import main_version

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.metrics.base import DriftMetric
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.column import ColumnSummary
    from monitoring_pipelines.summaries.table import TableSummary


def drift_results(
    judging: Judging, window: Window, table: TableSummary, reference: TableSummary | None
) -> list[Result]:
    """Every drift metric of every column; `unknown` where these data give none."""
    results = []
    version = main_version(table.versions)
    alpha = judging.alpha(_n_checks(table, reference))
    for name, column in table.columns.items():
        before = reference.columns.get(name) if reference else None
        for metric in DRIFT.values():
            found = _measured(judging, window, metric, (before, column), alpha)
            if found is not None:
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
    columns: tuple[ColumnSummary | None, ColumnSummary],
    alpha: float,
) -> Result | None:
    before, column = columns
    reference = before.distribution if before else None
    analysis = column.distribution
    if reference is None or not isinstance(reference, metric.kinds):
        return None
    chosen = judging.config.drift.tolerances.get(metric.name)
    n = analysis.n if analysis is not None else 0
    if analysis is None:
        reason = "the column is not in this window"
        return judging.unknown(window, metric.name, 0, reason, column=column.name)
    try:
        value = metric.compute(reference, analysis)
        floor = metric.noise_floor(reference, analysis, alpha)
        expected = metric.expected(reference, analysis)
    except DataError as error:
        return judging.unknown(window, metric.name, n, str(error), column=column.name)
    change = Change(value, floor, expected, min(n, reference.n))
    judgement = judge_drift(metric, change, chosen, judging.config.drift.min_rows)
    return judging.result(
        window,
        metric.name,
        n,
        judgement,
        column=column.name,
        value=value,
        noise_floor=floor,
        tolerance=metric.tolerance if chosen is None else chosen,
        reference_value=expected,
    )


def _n_checks(table: TableSummary, reference: TableSummary | None) -> int:
    """Metrics of all columns. Drift has a budget of its own, since it only warns."""
    known = reference.columns if reference else {}
    kinds = [known[name].distribution for name in table.columns if name in known]
    return sum(isinstance(kind, metric.kinds) for kind in kinds for metric in DRIFT.values())
