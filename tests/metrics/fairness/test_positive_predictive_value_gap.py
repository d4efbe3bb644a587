"""For whom a positive decision is right less often."""

from __future__ import annotations

from monitoring_pipelines.metrics.base import Part
from monitoring_pipelines.metrics.fairness.positive_predictive_value_gap import (
    METRIC,
    right_calls,
)
from monitoring_pipelines.metrics.gap import gap, gap_interval
from monitoring_pipelines.metrics.labelled_parts import Cells


def test_the_rows_that_the_rate_is_of() -> None:
    assert right_calls(Cells(1, 20, 300, 4_000)) == Part(4000, 4020)


def test_it_is_the_gap_of_these_rates() -> None:
    assert (METRIC.compute, METRIC.interval) == (gap, gap_interval)
