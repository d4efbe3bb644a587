"""Rows of a regression by the leaves of a tree: a sample to grow it on, losses, and counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from monitoring_pipelines.backends.duckdb.connection import literal
from monitoring_pipelines.backends.duckdb.labelled import (
    MAX_SEGMENTS,
    joined_rows,
    outputs,
    segment_of,
)
from monitoring_pipelines.backends.duckdb.losses import ERROR, LOG_ERROR, REGRESSION
from monitoring_pipelines.backends.duckdb.partition import row_number, value_of
from monitoring_pipelines.estimation.calibration import FOLDS
from monitoring_pipelines.estimation.loss_tree import fit_tree, usable
from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.summaries.leaves import SUMS, LeafCounts, LeafLosses, LossTree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.summaries.binning import ColumnBinning

    Floats = NDArray[np.float64]

T = TypeVar("T")

# the tree is grown on so many rows at most
SAMPLE = 50_000
KNOWN = "label IS NOT NULL AND predicted IS NOT NULL"


def summarise_losses(
    rows: Rows,
    join: LabelJoin,
    as_of: datetime,
    columns: Mapping[str, ColumnBinning],
    segments: Sequence[str] = (),
    grown: LeafLosses | None = None,
) -> LeafLosses:
    """Sum the losses of the labelled rows per leaf of the tree `grown`, or of one grown on them.

    Folds, and the sample that a tree is grown on, are drawn by a hash of the row's id, or of the
    whole row if it has none.
    """
    log, row = rows.log, row_number(rows, join)
    wanted = columns.values() if grown is None else [columns[name] for name in grown.tree.columns]
    chosen = [column for column in wanted if usable(column)]
    fields = [f"{row} AS row_number", *_fields(rows, chosen)]
    fields += [f"{segment_of(rows, name)} AS s{i}" for i, name in enumerate(segments)]
    log.query(
        "CREATE OR REPLACE TEMP TABLE errors AS SELECT * FROM "
        f"({joined_rows(rows, join, as_of, fields)}) WHERE {KNOWN}"
    )
    try:
        if grown is None:
            n, offset = log.query("SELECT count(*), coalesce(avg(label), 0) FROM errors")[0]
            grown = LeafLosses(_grown(rows, chosen, int(n)), float(offset), {})
        leaf = _leaf(grown.tree, {column.name: f"x{i}" for i, column in enumerate(chosen)}, columns)
        sums = _summed(rows, "SELECT '' AS segment, * FROM errors", leaf, grown)
        for i, name in enumerate(segments):
            source = f"SELECT s{i} AS segment, * FROM errors WHERE s{i} IS NOT NULL"
            found = _summed(rows, source, leaf, grown)
            sums |= {f"{name}={value}": part for value, part in found.items()}
        return replace(grown, sums=sums)
    finally:
        log.connection.execute("DROP TABLE IF EXISTS errors")


def count_leaves(
    rows: Rows,
    join: LabelJoin,
    losses: LeafLosses,
    columns: Mapping[str, ColumnBinning],
    segment_column: str | None = None,
) -> dict[str, LeafCounts]:
    """Predictions per leaf, by the value of `segment_column` or under "" for all rows."""
    used = [columns[name] for name in losses.tree.columns]
    names = {column.name: f"x{i}" for i, column in enumerate(used)}
    fields = [f"{segment_of(rows, segment_column)} AS segment", *_fields(rows, used)]
    said = ", ".join([*fields, *outputs(join, rows.log.columns)])
    moved = f"(predicted - {losses.offset!r})"
    found = rows.log.query(
        f"SELECT segment, {_leaf(losses.tree, names, columns)} AS leaf, count(*), fsum({moved}), "
        f"fsum({moved} * {moved}) FROM (SELECT {said} FROM ({rows.statement}) AS p) "
        "WHERE predicted IS NOT NULL AND segment IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    parts: dict[str, LeafCounts] = {}
    n_leaves = len(losses.tree.leaves)
    for segment in dict.fromkeys(row[0] for row in found):
        mine = [row for row in found if row[0] == segment]
        counts = np.zeros(n_leaves, dtype=np.int64)
        counts[[row[1] for row in mine]] = [row[2] for row in mine]
        totals = (sum(row[place] for row in mine) for place in (3, 4))
        parts[str(segment)] = LeafCounts(counts, *totals)
    if segment_column is None:
        return parts or {"": LeafCounts(np.zeros(n_leaves, dtype=np.int64), 0.0, 0.0)}
    return _largest(parts, lambda part: float(part.counts.sum()))


def _fields(rows: Rows, columns: Sequence[ColumnBinning]) -> list[str]:
    found = rows.log.columns
    return [
        f"{value_of(column, found.get(column.name))} AS x{i}" for i, column in enumerate(columns)
    ]


def _grown(rows: Rows, columns: Sequence[ColumnBinning], n: int) -> LossTree:
    names = ", ".join([*(f"x{i}" for i in range(len(columns))), "label", "predicted"])
    keep = -(-n // SAMPLE) if n else 1
    found = rows.log.arrays(
        f"SELECT {names} FROM errors WHERE (row_number // {FOLDS}) % {keep} = 0 "
        f"ORDER BY row_number, label, predicted"
    )
    values = {}
    for i, column in enumerate(columns):
        part = np.ma.asarray(found[f"x{i}"])
        none = np.nan if column.kind is ColumnKind.NUMERIC else None
        dtype = np.float64 if column.kind is ColumnKind.NUMERIC else object
        values[column.name] = np.ma.filled(part.astype(dtype), none)
    label, predicted = (np.ma.getdata(found[name]) for name in ("label", "predicted"))
    return fit_tree(columns, values, label.astype(np.float64), predicted.astype(np.float64))


def _summed(rows: Rows, source: str, leaf: str, losses: LeafLosses) -> dict[str, Floats]:
    """Sums per fold and leaf, shape (folds, leaves, m), by segment; the largest ones of many."""
    centre = 2 * losses.offset
    error, relative = ERROR, REGRESSION["mape"]
    terms = [error, f"abs{error}", f"{error} ** 2", f"{error} ** 4"]
    terms += [f"-{error} * (label + predicted - {centre!r})", relative, f"({relative}) ** 2"]
    logs = [f"coalesce(fsum({LOG_ERROR} ** {power}), 0)" for power in (2, 4)]
    sums = ["count(*)", *(f"fsum({term})" for term in terms), f"count({LOG_ERROR})", *logs]
    found = rows.log.query(
        f"SELECT segment, row_number % {FOLDS}, {leaf}, {', '.join(sums)} FROM ({source}) "
        "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    shape = (FOLDS, len(losses.tree.leaves), len(SUMS))
    parts: dict[str, Floats] = {}
    for segment, fold, place, *numbers in found:
        parts.setdefault(str(segment), np.zeros(shape))[int(fold), int(place)] = numbers
    return _largest(parts, lambda part: float(part[:, :, 0].sum()))


def _largest(parts: dict[str, T], rows: Callable[[T], float]) -> dict[str, T]:
    names = sorted(parts, key=lambda name: (-rows(parts[name]), name))[:MAX_SEGMENTS]
    return {name: parts[name] for name in names}


def _leaf(tree: LossTree, names: Mapping[str, str], columns: Mapping[str, ColumnBinning]) -> str:
    """SQL of the number of a row's leaf; `names` are those of the columns' values."""

    def at(node: int) -> str:
        if tree.column[node] < 0:
            return str(tree.leaves[node])
        column = tree.columns[tree.column[node]]
        left, right = at(int(tree.left[node])), at(int(tree.right[node]))
        # rows without a value satisfy no condition, and so go where ELSE tells
        first, last = (right, left) if tree.missing_left[node] else (left, right)
        if columns[column].kind is ColumnKind.NUMERIC:
            limit = f"'{float(tree.threshold[node])!r}'::DOUBLE"
            goes = f"{'>' if tree.missing_left[node] else '<='} {limit}"
        else:
            listed = ", ".join(map(literal, tree.levels[node]))
            goes = f"{'NOT IN' if tree.missing_left[node] else 'IN'} ({listed})"
        return f"CASE WHEN {names[column]} {goes} THEN {first} ELSE {last} END"

    return at(0)
