"""Who is called positive wrongly more often."""

from __future__ import annotations

from monitoring_pipelines.metrics.base import Part
from monitoring_pipelines.metrics.fairness.false_positive_rate_gap import (
    METRIC,
    called_negatives,
)
from monitoring_pipelines.metrics.gap import gap, gap_interval
from monitoring_pipelines.metrics.labelled_parts import Cells


def test_the_rows_that_the_rate_is_of() -> None:
    assert called_negatives(Cells(1, 20, 300, 4_000)) == Part(20, 21)


def test_it_is_the_gap_of_these_rates() -> None:
    assert (METRIC.compute, METRIC.interval) == (gap, gap_interval)
