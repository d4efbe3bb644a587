"""The data contract: volume, punctuality, schema, and shares of bad values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.checks.judgement import Judgement, Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.checks.staleness import judge_staleness
from monitoring_pipelines.checks.volume import judge_volume
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError, NotApplicableError
from monitoring_pipelines.metrics import QUALITY
from monitoring_pipelines.pipeline.judging import main_version
from monitoring_pipelines.stats.intervals import wilson

if TYPE_CHECKING:
    from monitoring_pipelines.config.source import Predictions
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.table import TableSummary

DUPLICATE_TOLERANCE = 0.01
CONFIDENCE = 0.95


def volume_results(
    judging: Judging, window: Window, table: TableSummary, reference: TableSummary | None
) -> list[Result]:
    """Judge the number of rows, how late the last one is, and whether columns are gone."""
    alpha = judging.alpha(_n_checks(table))
    usual = reference.rows_per_window if reference else ()
    more: dict[str, Any] = {"model_version": main_version(table.versions)}
    volume = judge_volume(table.n_rows, usual, alpha)
    results = [
        judging.result(
            window,
            "volume",
            table.n_rows,
            volume,
            value=float(table.n_rows),
            reference_value=sum(usual) / len(usual) if usual else None,
            **more,
        )
    ]
    length = window.utc.end - window.utc.start
    late = (window.end - table.last).total_seconds() / 3600 if table.last else None
    staleness = judge_staleness(table.last, window.utc.end, length)
    results.append(judging.result(window, "staleness", table.n_rows, staleness, value=late, **more))
    if table.columns:
        results.append(_schema(judging, window, table, more))
    return results


def undated_hint(predictions: Predictions) -> str:
    """What to do about records of raw logs that tell no time, to end a sentence with."""
    if not predictions.is_llm or predictions.fields:
        return ""
    if predictions.path_date:
        return "; their paths name no day as `predictions.path_date` has it"
    return "; put their files into folders of their day, and name it by `predictions.path_date`"


def undated_result(judging: Judging, window: Window, n: int) -> Result:
    """Say how many rows of the whole log no window will ever hold."""
    judgement = Judgement(Verdict.OK, "every row of the log has a time")
    if n:
        one = "1 row has no readable time and is"
        rows = one if n == 1 else f"{n:,} rows have no readable time and are"
        hint = undated_hint(judging.config.predictions)
        judgement = Judgement(Verdict.WARN, f"{rows} in no window{hint}")
    return judging.result(window, "undated_rows", n, judgement, value=float(n), reference_value=0.0)


def _schema(judging: Judging, window: Window, table: TableSummary, more: dict[str, Any]) -> Result:
    absent = [name for name, column in table.columns.items() if column.dtype == "absent"]
    if absent and table.n_rows:
        names = ", ".join(f"'{name}'" for name in absent[:5])
        judgement = Judgement(
            Verdict.FAIL, f"{len(absent)} of {len(table.columns)} columns are gone: {names}"
        )
    elif not table.n_rows:
        judgement = Judgement(Verdict.UNKNOWN, "no rows to see the columns of")
    else:
        judgement = Judgement(
            Verdict.OK, f"all {len(table.columns)} columns of the reference are there"
        )
    return judging.result(
        window,
        "schema",
        table.n_rows,
        judgement,
        value=float(len(absent)),
        reference_value=0.0,
        **more,
    )


def quality_results(
    judging: Judging, window: Window, table: TableSummary, reference: TableSummary | None
) -> list[Result]:
    """Share of bad values of every column, by every quality metric, and of repeated ids."""
    alpha = judging.alpha(_n_checks(table))
    version = main_version(table.versions)
    results = [_duplicates(judging, window, (table, reference), alpha)]
    for name, column in table.columns.items():
        before = reference.columns.get(name) if reference else None
        if column.dtype == "absent":
            continue  # `schema` says so once
        for metric in QUALITY.values():
            if before is None:
                reason = "there is no reference to compare with yet"
                results.append(
                    judging.unknown(window, metric.name, column.n_rows, reason, column=name)
                )
                continue
            try:
                bad = metric.compute(before, column)
                usual = metric.usual(before)
            except NotApplicableError:
                continue
            except DataError as error:
                results.append(
                    judging.unknown(window, metric.name, column.n_rows, str(error), column=name)
                )
                continue
            tolerance = judging.config.quality.tolerances.get(metric.name, metric.tolerance)
            results.append(
                _share(judging, window, metric.name, (bad, usual), (tolerance, alpha), column=name)
            )
    return [judging.versioned(result, version) for result in results]


def _duplicates(
    judging: Judging, window: Window, tables: tuple[TableSummary, TableSummary | None], alpha: float
) -> Result:
    table, reference = tables
    bad = (table.n_duplicates, table.n_rows + table.n_duplicates)
    usual = (
        (reference.n_duplicates, reference.n_rows + reference.n_duplicates) if reference else (0, 0)
    )
    if not reference:
        return judging.unknown(
            window, "duplicate_rate", bad[1], "there is no reference to compare with yet"
        )
    return _share(judging, window, "duplicate_rate", (bad, usual), (DUPLICATE_TOLERANCE, alpha))


def _share(
    judging: Judging,
    window: Window,
    metric: str,
    counts: tuple[tuple[int, int], tuple[int, int]],
    limits: tuple[float, float],
    column: str = "",
) -> Result:
    (bad, of), (usual_bad, usual_of) = counts
    tolerance, alpha = limits
    if not of:
        return judging.unknown(
            window, metric, 0, "no value to judge", column=column, tolerance=tolerance
        )
    judgement = judge_share(
        Share(bad, of),
        Share(usual_bad, usual_of),
        alpha=alpha,
        tolerance=tolerance,
        fail_tolerance=judging.config.quality.contract(metric),
        min_rows=judging.config.quality.min_rows,
    )
    low, high = wilson(bad, of, CONFIDENCE)
    return judging.result(
        window,
        metric,
        of,
        judgement,
        column=column,
        value=bad / of,
        low=low,
        high=high,
        reference_value=usual_bad / usual_of if usual_of else None,
        tolerance=tolerance,
    )


def _n_checks(table: TableSummary) -> int:
    """Checks of the data: four shares per column, five of the window; and half of the budget."""
    return 2 * (4 * len(table.columns) + 5)
