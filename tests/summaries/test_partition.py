"""Partitions add up, and agree with the label-free summaries of the same rows."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import BinMismatchError
from monitoring_pipelines.summaries.binning import ColumnBinning
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.partition import (
    Partition,
    Partitions,
    cut_edges,
    n_parts,
    part_counts,
)

A = Partition(
    ("x",),
    np.array([[3, 1], [2, 0]]),
    np.array([[2, 1], [2, 0]]),
    np.arange(8, dtype=float).reshape(2, 2, 2),
)


def test_they_add_up() -> None:
    total = Partitions(6, {"x": A}, (A,)) + Partitions(6, {"x": A}, (A,))
    assert total.n_rows == 12
    for part in (total.single["x"], *total.pairs):
        assert part.rows.tolist() == [[6, 2], [4, 0]]
        assert part.sums.tolist() == (2 * A.sums).tolist()


def test_other_parts_do_not_add() -> None:
    other = Partition(("x",), np.zeros((2, 3)), np.zeros((2, 3)), np.zeros((2, 3, 2)))
    with pytest.raises(BinMismatchError):
        _ = A + other


def test_halves_and_sides() -> None:
    assert A.of(0).rows.tolist() == [3, 1]
    assert A.of().labelled.tolist() == [4, 1]
    sides = A.of().joined(np.array([False, True]))
    assert sides.rows.tolist() == [1, 5]
    assert sides.sums.tolist() == [[2 + 6, 3 + 7], [0 + 4, 1 + 5]]
    assert A.of().whole.rows.tolist() == [6]
    assert A.of().at(1).labelled.tolist() == [1]


def test_parts_of_a_number_are_the_deciles() -> None:
    column = ColumnBinning("x", ColumnKind.NUMERIC, "float", (1.0, 2.0, 3.0), (0, 2))
    assert cut_edges(column) == (1.0, 3.0)
    histogram = Histogram((1.0, 2.0, 3.0), (4, 1, 2, 3), (0, 2))
    summary = ColumnSummary("x", ColumnKind.NUMERIC, "float", 12, 1, 1, histogram=histogram)
    counts = part_counts(summary)
    assert counts is not None
    assert counts.tolist() == [4, 3, 3, 2]  # the last are missing, or no numbers
    assert len(counts) == n_parts(column)


def test_parts_of_categories_are_the_levels_and_all_others() -> None:
    column = ColumnBinning("c", ColumnKind.CATEGORICAL, "text", levels=("a", "b"))
    categories = Categories(("a", "b"), (5, 1), 2)
    summary = ColumnSummary("c", ColumnKind.CATEGORICAL, "text", 11, 3, categories=categories)
    counts = part_counts(summary)
    assert counts is not None
    assert counts.tolist() == [5, 1, 2, 3]
    assert len(counts) == n_parts(column)


def test_a_column_that_is_not_there_has_no_parts() -> None:
    assert part_counts(ColumnSummary("x", ColumnKind.NUMERIC, "absent", 5, 5)) is None
