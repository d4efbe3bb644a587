from __future__ import annotations

from tests.alerts.histories import result, results
from tests.alerts.test_compose import composed


def test_a_storm_is_one_message_and_counts_what_it_leaves_out() -> None:
    message = composed(*(results("BB", f"m{number}") for number in range(14)))
    assert message.table is not None
    assert len(message.table.rows) == 11
    assert message.table.rows[-1] == ("and 4 more", "-", "-", "-")


def test_the_course_of_the_worst_is_drawn_up_to_the_newest_window() -> None:
    chart = composed(results("o" * 25 + "BB.")).chart
    assert chart is not None
    assert (chart.title, chart.usual, chart.limit) == ("roc_auc", 0.86, 0.84)
    assert (len(chart.labels), chart.labels[-1]) == (20, "2026-11-28")
    assert chart.values[-3:] == (0.83, 0.83, None)
    assert composed(results("C")).chart is None


def test_a_better_window_at_the_end_does_not_turn_the_limit_over() -> None:
    better = [*results("ooBB"), result(4, "o", value=0.9)]
    chart = composed(better).chart
    assert chart is not None
    assert (chart.values[-1], chart.limit) == (0.9, 0.84)


def test_shares_are_drawn_in_per_cent() -> None:
    usual = {"column": "income", "reference_value": 0.006}
    chart = composed(results("BB", "missing_rate", value=0.184, **usual)).chart
    assert chart is not None
    assert (chart.title, chart.values[-1]) == ("missing_rate of income in %", 18.4)
    assert (chart.usual, chart.limit) == (0.6, 2.6)
