"""Labelled rows by the parts of each feature, in one scan of the joined rows per few of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.backends.duckdb.labelled import joined_rows
from monitoring_pipelines.backends.duckdb.losses import place, row_loss, score_cell
from monitoring_pipelines.backends.duckdb.types import category, digest, number
from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.summaries.partition import Partition, cut_edges, n_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.summaries.binning import ColumnBinning

PARTITIONS_PER_STATEMENT = 8


class Parting(NamedTuple):
    """Columns by whose parts, or groups of parts, rows are counted."""

    columns: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rows with the labels known at `as_of`, and the metric that is summed over them.

    Without `score_edges` each row's loss is summed; with them rows are counted per bin of the
    score between these edges, as the area under a curve needs.
    """

    rows: Rows
    join: LabelJoin
    as_of: datetime
    measure: str
    score_edges: tuple[float, ...] | None = None

    @property
    def n_sums(self) -> int:
        """Length of the vector that is summed."""
        return 2 if self.score_edges is None else 2 * (len(self.score_edges) + 1)

    @property
    def loss(self) -> str:
        """SQL of what is summed or, with a score, counted."""
        if self.score_edges is None:
            return row_loss(self.measure, self.join)
        return score_cell(self.join, self.score_edges)


def summarise_partitions(
    measured: Measured, columns: Mapping[str, ColumnBinning], wanted: Sequence[Parting]
) -> list[Partition]:
    """One partition of the rows for each of `wanted`, in that order.

    A column that the rows lack is missing in all of them. The halves are drawn by a hash of the
    row's id, or of the whole row if it has none, so they do not depend on the order of rows.
    """
    found = []
    for start in range(0, len(wanted), PARTITIONS_PER_STATEMENT):
        part = wanted[start : start + PARTITIONS_PER_STATEMENT]
        names = dict.fromkeys(name for parting in part for name in parting.columns)
        sizes = [_size(parting, columns) for parting in part]
        statement = _statement(measured, [columns[name] for name in names], part)
        cells = measured.rows.log.query(statement)
        found += _partitions(measured, cells, part, sizes)
    return found


def _size(parting: Parting, columns: Mapping[str, ColumnBinning]) -> int:
    if not parting.groups:
        return n_parts(columns[parting.columns[0]])
    first, second = parting.groups
    return (max(first) + 1) * (max(second) + 1)


def _statement(
    measured: Measured, columns: Sequence[ColumnBinning], wanted: Sequence[Parting]
) -> str:
    code = {column.name: f"c{i}" for i, column in enumerate(columns)}
    keys = [f"k{i}" for i in range(len(wanted))]
    found = measured.rows.log.columns
    fields = [f"{row_number(measured.rows, measured.join)} % 2 AS half"]
    coded, tables = [f"half, {measured.loss} AS loss"], ""
    for i, column in enumerate(columns):
        fields.append(f"{value_of(column, found.get(column.name))} AS x{i}")
        coded.append(f"{_code(column, f'x{i}', f'v{i}.place')} AS c{i}")
        if column.levels:
            levels = ", ".join(f"({literal(name)}, {n})" for n, name in enumerate(column.levels))
            tables += f" LEFT JOIN (VALUES {levels}) AS v{i}(level, place) ON v{i}.level = x{i}"
    source = joined_rows(measured.rows, measured.join, measured.as_of, fields)
    parts = ", ".join(
        f"{_key(parting, code)} AS {key}" for parting, key in zip(wanted, keys, strict=True)
    )
    together = "" if measured.score_edges is None else ", loss"
    sets = ", ".join(f"(half, {key}{together})" for key in keys)
    sums = (
        "count(*), count(loss), coalesce(fsum(loss), 0), coalesce(fsum(loss * loss), 0)"
        if measured.score_edges is None
        else "loss, count(*)"
    )
    return (
        f"SELECT GROUPING({', '.join(keys)}), half, coalesce({', '.join(keys)}), {sums} "
        f"FROM (SELECT half, loss, {parts} FROM (SELECT {', '.join(coded)} FROM ({source}) "
        f"AS j{tables})) GROUP BY GROUPING SETS ({sets})"
    )


def row_number(rows: Rows, join: LabelJoin) -> str:
    """SQL of a number of row ``p`` in any order of rows: a hash of its id, or of all its values."""
    name, columns = join.prediction_id, rows.log.columns
    names = [name] if name in columns else sorted(columns)
    return f"hash({', '.join(f'p.{identifier(str(n))}' for n in names)})"


def value_of(column: ColumnBinning, dtype: str | None) -> str:
    """SQL of the value of a column of row ``p``; NULL if the log lacks it."""
    if dtype is None:
        return "NULL::DOUBLE" if column.kind is ColumnKind.NUMERIC else "NULL::VARCHAR"
    name = f"p.{identifier(column.name)}"
    if column.kind is ColumnKind.NUMERIC:
        return number(name, dtype)
    return digest(category(name, dtype)) if column.hashed else category(name, dtype)


def _code(column: ColumnBinning, value: str, level: str) -> str:
    last = n_parts(column) - 1
    if column.kind is ColumnKind.NUMERIC:
        return f"coalesce({place(value, cut_edges(column))}, {last})"
    known = f"coalesce({level}, {last - 1})" if column.levels else str(last - 1)
    return f"CASE WHEN {value} IS NULL THEN {last} ELSE {known} END"


def _key(parting: Parting, code: Mapping[str, str]) -> str:
    if not parting.groups:
        return code[parting.columns[0]]
    first, second = (
        f"({list(groups)!r})[{code[name]} + 1]"
        for name, groups in zip(parting.columns, parting.groups, strict=True)
    )
    return f"{first} * {max(parting.groups[1]) + 1} + {second}"


def _partitions(
    measured: Measured,
    cells: Iterable[tuple[int, ...]],
    wanted: Sequence[Parting],
    sizes: Sequence[int],
) -> list[Partition]:
    found = [
        Partition(
            columns=parting.columns,
            rows=np.zeros((2, size), dtype=np.int64),
            labelled=np.zeros((2, size), dtype=np.int64),
            sums=np.zeros((2, size, measured.n_sums)),
            groups=parting.groups,
        )
        for parting, size in zip(wanted, sizes, strict=True)
    ]
    # GROUPING sets the bits of the columns that are not grouped by, the first one highest
    last = len(wanted) - 1
    which = {(1 << len(wanted)) - 1 - (1 << (last - i)): part for i, part in enumerate(found)}
    for grouping, half, key, *numbers in cells:
        part = which[grouping]
        if measured.score_edges is not None:
            cell, n = numbers
            part.rows[half, key] += n
            if cell is not None:
                part.labelled[half, key] += n
                part.sums[half, key, int(cell)] += n
        else:
            part.rows[half, key], part.labelled[half, key] = numbers[:2]
            part.sums[half, key] = numbers[2:]
    return found
