"""By how much a group is selected less often than the rest."""

from __future__ import annotations

from monitoring_pipelines.metrics.base import Part
from monitoring_pipelines.metrics.fairness.selection_rate_difference import (
    METRIC,
    selected,
)
from monitoring_pipelines.metrics.gap import gap, gap_interval
from monitoring_pipelines.summaries.selection import Selection


def test_the_rows_that_the_rate_is_of() -> None:
    assert selected(Selection(10, 4)) == Part(4, 10)


def test_it_is_the_gap_of_these_rates() -> None:
    assert (METRIC.compute, METRIC.interval) == (gap, gap_interval)
