from __future__ import annotations

from tests.alerts.histories import results
from tests.alerts.test_compose import composed


def test_a_storm_is_one_message_and_counts_what_it_leaves_out() -> None:
    message = composed(*(results("BB", f"m{number}") for number in range(14)))
    assert message.table is not None
    assert len(message.table.rows) == 11
    assert message.table.rows[-1] == ("and 4 more", "-", "-")


def test_the_course_of_the_worst_is_drawn_up_to_the_newest_window() -> None:
    chart = composed(results("o" * 25 + "BB.")).chart
    assert chart is not None
    assert (chart.title, chart.usual, chart.limit) == ("roc_auc", 0.86, None)
    assert (len(chart.labels), chart.labels[-1]) == (20, "2026-11-28")
    assert chart.values[-3:] == (0.83, 0.83, None)
    assert composed(results("C")).chart is None
