"""For whom a positive decision is right less often."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import EmptySampleError
from monitoring_pipelines.metrics.base import Part
from monitoring_pipelines.metrics.fairness.positive_predictive_value_gap import (
    positive_predictive_value_gap,
    positive_predictive_value_gap_interval,
    right_calls,
)
from monitoring_pipelines.metrics.labelled_parts import Cells
from monitoring_pipelines.stats.intervals import newcombe


def test_the_rows_that_the_rate_is_of() -> None:
    assert right_calls(Cells(1, 20, 300, 4_000)) == Part(4000, 4020)


def test_group_minus_rest() -> None:
    assert positive_predictive_value_gap(Part(30, 100), Part(25, 50)) == pytest.approx(0.3 - 0.5)
    assert positive_predictive_value_gap(Part(25, 50), Part(30, 100)) == pytest.approx(0.5 - 0.3)


def test_the_interval_is_newcombes() -> None:
    interval = positive_predictive_value_gap_interval(Part(56, 70), Part(48, 80), 0.95)
    assert interval == newcombe(56, 70, 48, 80, 0.95)
    # the paper's example (a): 0.0524 to 0.3339
    assert interval == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize("parts", [(Part(0, 0), Part(1, 2)), (Part(1, 2), Part(0, 0))])
def test_no_row_is_an_error(parts: tuple[Part, Part]) -> None:
    with pytest.raises(EmptySampleError):
        positive_predictive_value_gap(*parts)


def test_one_row_gives_a_wide_interval() -> None:
    low, high = positive_predictive_value_gap_interval(Part(1, 1), Part(0, 1), 0.95)
    assert low < 0 < high == 1.0
