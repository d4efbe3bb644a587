"""Counts of decisions add up."""

from __future__ import annotations

from monitoring_pipelines.summaries.selection import Selection
from monitoring_pipelines.summaries.table import TableSummary


def test_a_week_is_the_sum_of_its_days() -> None:
    days = [Selection(n, n // 3) for n in (10, 0, 7)]
    assert sum(days, Selection(0, 0)) == Selection(17, 5)


def test_groups_that_only_one_window_has_are_kept() -> None:
    a, b = (
        TableSummary(0, 0, {}, (), selections={"sex": groups})
        for groups in (
            {"sex=f": Selection(4, 1), "sex=m": Selection(3, 1)},
            {"sex=f": Selection(2, 2)},
        )
    )
    assert (a + b).selections == {"sex": {"sex=f": Selection(6, 3), "sex=m": Selection(3, 1)}}
    assert (b + a).selections == (a + b).selections
    none = TableSummary(0, 0, {}, ())
    assert (a + none).selections == a.selections
