"""Values outside the range of the reference."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics import QUALITY
from monitoring_pipelines.metrics.quality.out_of_range_rate import out_of_range_rate
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.moments import Moments

TEN = Moments(10, 0.0, 1.0, -1.0, 1.0)
NONE = Moments(0, 0.0, 0.0, 0.0, 0.0)


def column(moments: Moments | None, out: int = 0) -> ColumnSummary:
    return ColumnSummary(
        "c", ColumnKind.NUMERIC, "float", 12, 2, n_out_of_range=out, moments=moments
    )


def test_is_of_the_values_not_of_the_rows() -> None:
    assert out_of_range_rate(column(TEN), column(TEN, out=3)) == (3, 10)


@pytest.mark.parametrize("none", [None, NONE])
def test_no_value_is_nothing_of_nothing(none: Moments | None) -> None:
    assert out_of_range_rate(column(TEN), column(none)) == (0, 0)


@pytest.mark.parametrize("none", [None, NONE])
def test_a_reference_without_numbers_has_no_range(none: Moments | None) -> None:
    with pytest.raises(NotApplicableError, match="no number"):
        out_of_range_rate(column(none), column(TEN))


def test_text_has_no_range() -> None:
    text = ColumnSummary("c", ColumnKind.CATEGORICAL, "text", 10, 0)
    with pytest.raises(NotApplicableError, match="categorical"):
        out_of_range_rate(text, text)


@pytest.mark.parametrize(
    ("moments", "out", "usual"),
    [
        (TEN, 0, (2, 10)),
        (TEN, 5, (5, 10)),
        (Moments(1, 3.0, 0.0, 3.0, 3.0), 0, (1, 1)),
        (None, 0, (0, 0)),
    ],
)
def test_a_window_is_compared_with_the_two_extremes(
    moments: Moments | None, out: int, usual: tuple[int, int]
) -> None:
    assert QUALITY["out_of_range_rate"].usual(column(moments, out)) == usual
