"""Windows add up to a period."""

from __future__ import annotations

from datetime import UTC, datetime

from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.table import TableSummary

MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


def column(name: str) -> ColumnSummary:
    return ColumnSummary(name, ColumnKind.NUMERIC, "float", 10, 1)


def test_adds_up() -> None:
    a = TableSummary(10, 1, {"x": column("x")}, (10,), MONDAY, MONDAY, {"v1": 10})
    b = TableSummary(
        20, 2, {"x": column("x"), "y": column("y")}, (20,), TUESDAY, TUESDAY, {"v1": 5, "v2": 15}
    )
    both = a + b
    assert (both.n_rows, both.n_duplicates, both.rows_per_window) == (30, 3, (10, 20))
    assert (both.first, both.last) == (MONDAY, TUESDAY)
    assert both.versions == {"v1": 15, "v2": 15}
    assert both.columns["x"].n_rows == 20
    assert both.columns["y"] == column("y")


def test_an_empty_window_counts_as_a_window() -> None:
    none = TableSummary(0, 0, {}, (0,))
    assert (none + none).rows_per_window == (0, 0)
    assert (none + none).first is None
