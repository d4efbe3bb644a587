"""Labelled rows by the bins of one feature or of two: what a change is split with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.errors import BinMismatchError
from monitoring_pipelines.summaries.binning import ColumnBinning
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary


class Cells(NamedTuple):
    """Rows, labelled rows, shapes (k,), and sums, shape (k, m), of k parts."""

    rows: NDArray[np.int64]
    labelled: NDArray[np.int64]
    sums: NDArray[np.float64]

    @property
    def whole(self) -> Cells:
        """All parts as one."""
        return self.joined(np.ones(len(self.rows), dtype=bool)).at(0)

    def at(self, place: int) -> Cells:
        """One part."""
        one = slice(place, place + 1)
        return Cells(self.rows[one], self.labelled[one], self.sums[one])

    def joined(self, member: NDArray[np.bool_]) -> Cells:
        """Two parts: those that are `member`, and the rest."""
        sides = np.stack([member, ~member]).astype(np.float64)
        rows, labelled = (sides @ self.rows, sides @ self.labelled)
        return Cells(rows.astype(np.int64), labelled.astype(np.int64), sides @ self.sums)


@dataclass(frozen=True, eq=False)
class Partition:
    """Rows in two random halves by the parts of `columns`: one feature, or two.

    `rows` and `labelled` have the shape (2, k), `sums` the shape (2, k, m). The parts of a number
    are the reference's deciles, those of categories the levels and all others; rows without a
    value come last. The parts of two features are the products of their `groups`, one number per
    part of each, the second one running fastest. The sums are of each labelled row's loss and of
    its square, or, of a score, the negative rows per bin of the score and then the positive ones.
    """

    columns: tuple[str, ...]
    rows: NDArray[np.int64]
    labelled: NDArray[np.int64]
    sums: NDArray[np.float64]
    groups: tuple[tuple[int, ...], ...] = ()

    def of(self, half: int | None = None) -> Cells:
        """Parts of one half, or of all rows."""
        if half is None:
            return Cells(self.rows.sum(axis=0), self.labelled.sum(axis=0), self.sums.sum(axis=0))
        return Cells(self.rows[half], self.labelled[half], self.sums[half])

    def __add__(self, other: Partition) -> Partition:
        if self.sums.shape != other.sums.shape or self.groups != other.groups:
            raise BinMismatchError(self.rows.shape[1], other.rows.shape[1])
        return replace(
            self,
            rows=self.rows + other.rows,
            labelled=self.labelled + other.labelled,
            sums=self.sums + other.sums,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Partitions:
    """One table of `n_rows` rows, parted by each feature and by some pairs of features."""

    n_rows: int
    single: Mapping[str, Partition]
    pairs: tuple[Partition, ...] = field(default=())

    def __add__(self, other: Partitions) -> Partitions:
        return Partitions(
            self.n_rows + other.n_rows,
            {name: part + other.single[name] for name, part in self.single.items()},
            tuple(a + b for a, b in zip(self.pairs, other.pairs, strict=True)),
        )


def cut_edges(column: ColumnBinning) -> tuple[float, ...]:
    """Inner edges between the parts of a number: the reference's deciles."""
    return tuple(column.edges[i] for i in column.coarse) if column.coarse else column.edges


def n_parts(column: ColumnBinning) -> int:
    """Number of parts, the one for rows without a value included.

    >>> n_parts(ColumnBinning("age", ColumnKind.NUMERIC, "integer", (18.0, 65.0), (0, 1)))
    4
    >>> n_parts(ColumnBinning("kind", ColumnKind.CATEGORICAL, "text", levels=("a", "b")))
    4
    """
    inner = cut_edges(column) if column.kind is ColumnKind.NUMERIC else column.levels
    return len(inner) + 2


def part_counts(column: ColumnSummary) -> NDArray[np.int64] | None:
    """Rows of a window per part, from its label-free summary; None if the column is not in it."""
    if column.kind is ColumnKind.NUMERIC and column.histogram is not None:
        counts = list(column.histogram.coarsened().counts)
    elif column.categories is not None:
        counts = [*column.categories.counts, column.categories.other]
    else:
        return None
    return np.asarray([*counts, column.n_rows - sum(counts)], dtype=np.int64)
