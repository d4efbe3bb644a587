"""Columns of chunks add up to the column of the window."""

from __future__ import annotations

from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.moments import Moments


def test_every_count_adds_up() -> None:
    one = ColumnSummary(
        "age",
        ColumnKind.NUMERIC,
        "integer",
        n_rows=10,
        n_missing=3,
        n_mistyped=2,
        n_out_of_range=1,
        moments=Moments(5, 1.0, 2.0, 0.0, 3.0),
        histogram=Histogram((0.0,), (2, 3)),
    )
    both = one + one
    assert (both.n_rows, both.n_missing, both.n_mistyped, both.n_out_of_range) == (20, 6, 4, 2)
    assert both.distribution == Histogram((0.0,), (4, 6))
    assert both.moments == Moments(10, 1.0, 4.0, 0.0, 3.0)
    assert both.categories is None


def test_a_chunk_without_the_column_leaves_the_rest() -> None:
    sex = Categories(("f", "m"), (4, 6))
    there = ColumnSummary("sex", ColumnKind.CATEGORICAL, "text", 10, 0, categories=sex)
    absent = ColumnSummary("sex", ColumnKind.CATEGORICAL, "absent", 5, 5)
    for both in (there + absent, absent + there):
        assert both.dtype == "text"
        assert both.n_missing == 5
        assert both.distribution == sex
