"""Missing rows of all rows."""

from __future__ import annotations

from monitoring_pipelines.metrics.quality.missing_rate import missing_rate
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary


def column(n_rows: int, n_missing: int) -> ColumnSummary:
    return ColumnSummary("c", ColumnKind.NUMERIC, "float", n_rows, n_missing)


def test_is_of_the_analysis() -> None:
    assert missing_rate(column(100, 50), column(10, 3)) == (3, 10)


def test_no_row_is_nothing_of_nothing() -> None:
    assert missing_rate(column(100, 0), column(0, 0)) == (0, 0)


def test_one_row_and_all_missing() -> None:
    assert missing_rate(column(100, 0), column(1, 1)) == (1, 1)
