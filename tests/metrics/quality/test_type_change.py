"""A column that is now of another type."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.quality.type_change import type_change
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary


def column(dtype: str, n_mistyped: int = 0, n_rows: int = 10) -> ColumnSummary:
    return ColumnSummary("c", ColumnKind.NUMERIC, dtype, n_rows, 0, n_mistyped)


@pytest.mark.parametrize(
    ("reference", "analysis", "bad"),
    [
        ("integer", "integer", 0),
        ("integer", "float", 0),
        ("boolean", "integer", 0),
        ("integer", "text", 10),
        ("text", "float", 10),
        ("timestamp", "text", 10),
        ("other", "text", 0),
        ("integer", "other", 0),
    ],
)
def test_another_family_is_all_rows(reference: str, analysis: str, bad: int) -> None:
    assert type_change(column(reference), column(analysis)) == (bad, 10)


def test_single_values_that_cannot_be_read_count() -> None:
    assert type_change(column("float"), column("float", n_mistyped=4)) == (4, 10)


def test_no_row_is_nothing_of_nothing() -> None:
    assert type_change(column("float"), column("text", n_rows=0)) == (0, 0)


@pytest.mark.parametrize("sides", [("absent", "text"), ("text", "absent")])
def test_an_absent_column_has_no_type(sides: tuple[str, str]) -> None:
    with pytest.raises(NotApplicableError, match="absent"):
        type_change(column(sides[0]), column(sides[1]))
