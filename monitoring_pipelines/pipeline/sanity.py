"""What is odd about columns: told in a sentence, and a warning unless the contract says more."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.checks.late_rows import judge_late_rows
from monitoring_pipelines.checks.repeated_ids import judge_repeated_ids
from monitoring_pipelines.checks.row_order import judge_row_order
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError
from monitoring_pipelines.metrics import SANITY
from monitoring_pipelines.metrics.base import Finding, SanityCheck, Seen
from monitoring_pipelines.metrics.sanity.identifier_column import is_identifier
from monitoring_pipelines.pipeline.judging import main_version
from monitoring_pipelines.summaries.table import N_IDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.table import TableSummary

# windows before the judged one that it is also looked at beside
N_EARLIER = 3
# what is told once of a column, and is known from then on
LASTING = frozenset({"row_order", *(c.name for c in SANITY.values() if c.told_once)})
NAMES = frozenset({"row_order", "late_rows", "repeated_ids", *SANITY})

Tables = tuple["TableSummary", "TableSummary | None", "Sequence[TableSummary]"]
Told = dict[tuple[str, str], set["datetime"]]


def comparable(table: TableSummary, reference: TableSummary | None) -> TableSummary:
    """`table` without its identifiers, which do not repeat and so have no drift."""
    before = reference.columns if reference else {}
    names = {
        name
        for name, column in table.columns.items()
        if name in before and is_identifier(before[name], column)
    }
    if not names:
        return table
    kept = {name: column for name, column in table.columns.items() if name not in names}
    return replace(table, columns=kept)


def sanity_results(judging: Judging, window: Window, tables: Tables, told: Told) -> list[Result]:
    """Every finding of every check; one row that says so where a check finds nothing.

    `tables` are the window, the reference and earlier windows, newest first. `told` are the windows
    that warned of a lasting fact, by metric and column; what is told here is added to it.
    """
    table, reference, _ = tables
    results = []
    for check in SANITY.values():
        if reference is None or not table.n_rows:
            why = "there is no reference to compare with yet" if table.n_rows else "no rows"
            results.append(judging.unknown(window, check.name, table.n_rows, why))
            continue
        found = _found(judging, window, check, tables, told)
        if not found:
            nothing = Judgement(Verdict.OK, f"none of {len(table.columns)} columns")
            found.append(judging.result(window, check.name, table.n_rows, nothing))
        results += found
    version = main_version(table.versions)
    return [judging.versioned(result, version) for result in results]


def order_results(
    judging: Judging,
    window: Window,
    table: TableSummary,
    before: tuple[Sequence[tuple[int, int]], Sequence[TableSummary]],
    told: Told,
) -> list[Result]:
    """Whether the window is a time at all, and whether those `before` it are still what they were.

    `before` are the rows of earlier windows when they were judged and now, and their summaries.
    """
    counts, earlier = before
    order = judge_row_order(table.n_rows, table.spacing)
    if order.verdict is Verdict.WARN:
        order = _once(window, ("row_order", ""), order.reason, told)
    late = judge_late_rows(counts)
    more = float(sum(now - then for then, now in counts))
    others = [part.ids for part in earlier]
    share, n, again = judge_repeated_ids(table.ids, others, N_IDS)
    results = [
        judging.result(window, "row_order", table.n_rows, order, value=table.spacing),
        judging.result(window, "late_rows", table.n_rows, late, value=more, reference_value=0.0),
    ]
    if n or any(others):
        results.append(judging.result(window, "repeated_ids", n, again, value=share))
    return [judging.versioned(result, main_version(table.versions)) for result in results]


def _found(
    judging: Judging, window: Window, check: SanityCheck, tables: Tables, told: Told
) -> list[Result]:
    table, reference, earlier = tables
    assert reference is not None  # noqa: S101 - the caller saw to it
    alpha = judging.alpha(len(SANITY) * len(table.columns))
    outputs = judging.config.predictions.columns
    scores = {outputs.prediction_score, *outputs.prediction_proba.values()}
    results = []
    for name, column in table.columns.items():
        if column.dtype == "absent" or name not in reference.columns:
            continue  # `schema` says so once
        if column.vectors is not None or (name in scores and not check.of_scores):
            continue  # a cell of vectors is no value, and a score may have nothing of the kind
        before = [t.columns[name] for t in earlier if name in t.columns]
        seen = Seen(reference=reference.columns[name], window=column, earlier=before)
        try:
            finding = check.compute(seen, alpha)
        except DataError as error:
            unknown = judging.unknown(window, check.name, column.n_rows, str(error), column=name)
            results.append(unknown)
            continue
        if finding is not None:
            judgement = _judged(judging, window, (check, name), finding, told)
            results += _rows(judging, window, (check, name), finding, judgement)
        elif math.isfinite(judging.config.quality.contract(check.name)):
            # what may fail needs a row that says when it is over
            fine = Judgement(Verdict.OK, "nothing found")
            results.append(
                judging.result(window, check.name, column.n_rows, fine, column=name, value=0.0)
            )
    return results


def _judged(
    judging: Judging,
    window: Window,
    of: tuple[SanityCheck, str],
    finding: Finding,
    told: Told,
) -> Judgement:
    check, column = of
    if finding.value > judging.config.quality.contract(check.name):
        return Judgement(Verdict.FAIL, finding.said)
    if check.told_once:
        return _once(window, (check.name, column), finding.said, told)
    return Judgement(Verdict.WARN, finding.said)


def _once(window: Window, of: tuple[str, str], said: str, told: Told) -> Judgement:
    """Warn in one window only, and say in all others that it was told."""
    windows = told.setdefault(of, set())
    if windows - {window.utc.start}:
        return Judgement(Verdict.OK, f"{said}. It was told before")
    windows.add(window.utc.start)
    return Judgement(Verdict.WARN, said)


def _rows(
    judging: Judging,
    window: Window,
    of: tuple[SanityCheck, str],
    finding: Finding,
    judgement: Judgement,
) -> list[Result]:
    """One row; of categories one each, if the column's values are segments and so may be named."""
    check, column = of
    named = [("", finding.value, finding.reference_value)]
    if column in judging.config.segments and finding.levels:
        named = [(f"{column}={name}", share, usual) for name, share, usual in finding.levels]
    return [
        judging.result(
            window,
            check.name,
            finding.n,
            judgement,
            column=column,
            segment=segment,
            value=value,
            reference_value=usual,
        )
        for segment, value, usual in named
    ]
