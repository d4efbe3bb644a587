"""Bounds from summaries: counted by hand on paper, and true for rows that made them."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.governance.card import Allowed
from monitoring_pipelines.governance.population import outside
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.moments import Moments


def category(other: int, complete: bool = True) -> ColumnSummary:
    found = Categories(("a", "b"), (7, 3), other, complete)
    return ColumnSummary("c", ColumnKind.CATEGORICAL, "text", 10 + other, 0, categories=found)


@pytest.mark.parametrize(
    ("column", "values", "bounds"),
    [
        (category(0), ("a",), (3, 3, 10)),
        (category(5), ("a",), (8, 8, 15)),
        (category(5), ("a", "new"), (3, 8, 15)),
        (category(5, complete=False), ("a",), (3, 8, 15)),
    ],
)
def test_categories(
    column: ColumnSummary, values: tuple[str, ...], bounds: tuple[int, int, int]
) -> None:
    assert outside(column, Allowed(values=values)) == bounds


def numeric(rows: np.ndarray, edges: list[float]) -> ColumnSummary:
    # a bin holds its upper edge, so numpy's bins are mirrored
    counts = np.bincount(np.searchsorted(edges, rows, side="left"), minlength=len(edges) + 1)
    return ColumnSummary(
        "x", ColumnKind.NUMERIC, "float", len(rows), 0,
        moments=Moments(len(rows), float(rows.mean()), 0.0, float(rows.min()), float(rows.max())),
        histogram=Histogram(tuple(edges), tuple(int(c) for c in counts)),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_the_truth_lies_between_the_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 20, size=100).astype(float)  # many on an edge
    edges = sorted({float(e) for e in rng.integers(0, 20, size=5)})
    low, high = sorted(float(v) for v in rng.integers(-2, 22, size=2))
    found = outside(numeric(rows, edges), Allowed(minimum=low, maximum=high))
    assert found is not None
    truth = int(((rows < low) | (rows > high)).sum())
    assert found[0] <= truth <= found[1]
    assert found[2] == 100


def test_the_bounds_meet_at_an_edge_and_where_all_rows_are_inside() -> None:
    rows = np.array([1.0, 2.0, 3.0, 4.0])
    assert outside(numeric(rows, [2.0]), Allowed(maximum=2.0)) == (2, 2, 4)
    assert outside(numeric(rows, [2.5]), Allowed(minimum=1.0, maximum=4.0)) == (0, 0, 4)
    assert outside(numeric(rows, [2.5]), Allowed(minimum=9.0)) == (4, 4, 4)


def test_what_a_summary_does_not_have_is_not_known() -> None:
    assert outside(category(0), Allowed(minimum=1.0)) is None
    assert outside(numeric(np.array([1.0]), [0.0]), Allowed(values=("a",))) is None
