"""By how much a group is selected less often than the rest."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import EmptySampleError
from monitoring_pipelines.metrics.base import Part
from monitoring_pipelines.metrics.fairness.selection_rate_difference import (
    selected,
    selection_rate_difference,
    selection_rate_difference_interval,
)
from monitoring_pipelines.stats.intervals import newcombe
from monitoring_pipelines.summaries.selection import Selection


def test_the_rows_that_the_rate_is_of() -> None:
    assert selected(Selection(10, 4)) == Part(4, 10)


def test_group_minus_rest() -> None:
    assert selection_rate_difference(Part(30, 100), Part(25, 50)) == pytest.approx(0.3 - 0.5)
    assert selection_rate_difference(Part(25, 50), Part(30, 100)) == pytest.approx(0.5 - 0.3)


def test_the_interval_is_newcombes() -> None:
    interval = selection_rate_difference_interval(Part(56, 70), Part(48, 80), 0.95)
    assert interval == newcombe(56, 70, 48, 80, 0.95)
    # the paper's example (a): 0.0524 to 0.3339
    assert interval == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize("parts", [(Part(0, 0), Part(1, 2)), (Part(1, 2), Part(0, 0))])
def test_no_row_is_an_error(parts: tuple[Part, Part]) -> None:
    with pytest.raises(EmptySampleError):
        selection_rate_difference(*parts)


def test_one_row_gives_a_wide_interval() -> None:
    low, high = selection_rate_difference_interval(Part(1, 1), Part(0, 1), 0.95)
    assert low < 0 < high == 1.0
