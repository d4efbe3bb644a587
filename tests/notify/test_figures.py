from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.alerts.message import Chart, Table
from monitoring_pipelines.notify import figurelint
from monitoring_pipelines.notify.figures import chart, table

DAYS = ("2026-11-21", "2026-11-22", "2026-11-23")


def drawn(told: Chart) -> dict[str, Any]:
    built = chart(told)
    assert built is not None
    assert figurelint.chart(built, "/0") == []
    return built


def places(*labels: str) -> tuple[list[str], str]:
    axis = drawn(Chart("x", labels, (1.0,) * len(labels)))["chart"]["axis_config"]
    return axis["categories"], axis["x_label"]


def test_lines_for_the_value_its_usual_one_and_its_limit() -> None:
    built = drawn(Chart("roc_auc", DAYS, (0.86, 0.85, 0.8), usual=0.86, limit=0.83))
    lines = {one["name"]: [p["value"] for p in one["data"]] for one in built["chart"]["series"]}
    assert lines == {"value": [0.86, 0.85, 0.8], "usual": [0.86] * 3, "limit": [0.83] * 3}
    assert [one["name"] for one in drawn(Chart("x", DAYS, (1, 2, 3)))["chart"]["series"]] == [
        "value"
    ]


def test_a_window_without_a_value_has_no_place_and_is_counted() -> None:
    built = drawn(Chart("roc_auc", DAYS, (0.86, None, 0.8), limit=0.83))
    axis = built["chart"]["axis_config"]
    assert axis["categories"] == ["21", "23"]
    assert axis["x_label"] == "windows of 2026-11, 1 without a value left out"
    assert all(len(one["data"]) == 2 for one in built["chart"]["series"])


def test_one_value_is_no_line() -> None:
    assert chart(Chart("x", DAYS, (None, None, 0.8))) is None
    assert chart(Chart("x", DAYS, (float("nan"), float("inf"), 0.8))) is None


def test_no_more_than_the_newest_windows_are_drawn() -> None:
    many = tuple(f"2026-11-{day:02}" for day in range(1, 31))
    built = drawn(Chart("x", many, tuple(map(float, range(30)))))
    assert built["chart"]["axis_config"]["categories"][0] == "11"


@pytest.mark.parametrize(
    ("labels", "short", "period"),
    [
        (("2026-10-31", "2026-11-01"), ["10-31", "11-01"], "windows of 2026"),
        (("2026-12-31", "2027-01-01"), ["2026-12-31", "2027-01-01"], "windows"),
        (("2026-11-24-04:00", "2026-11-24-05:00"), ["04:00", "05:00"], "windows of 2026-11-24"),
        (("2025", "2026"), ["2025", "2026"], "windows"),
    ],
)
def test_what_all_labels_share_is_said_once(
    labels: tuple[str, ...], short: list[str], period: str
) -> None:
    assert places(*labels) == (short, period)


def test_an_hour_that_the_clock_shows_twice_has_two_places() -> None:
    found, _ = places("2026-10-25-01:00", "2026-10-25-02:00", "2026-10-25-02:00")
    assert found == ["01:00", "02:00", "02:00 (2)"]


def test_hostile_labels_are_short_and_each_once() -> None:
    found, _ = places(*["<!channel>" + "x" * 100] * 20, "y")
    assert len(set(found)) == 20


def test_numbers_stand_right_and_no_cell_is_empty() -> None:
    built = table(Table(("check", "value"), (("roc_auc", "0.83"), ("", "1,234 %"))))
    assert built["column_settings"] == [{"align": "left"}, {"align": "right"}]
    assert [[cell["text"] for cell in row] for row in built["rows"]] == [
        ["check", "value"], ["roc_auc", "0.83"], ["-", "1,234 %"],
    ]  # fmt: skip
    assert figurelint.table(built, "/0") == []


def test_a_table_is_cut_where_slack_would_refuse_it() -> None:
    long = table(Table(("a",), (("x" * 500,),) * 500))
    assert figurelint.table(long, "/0") == []
    assert sum(len(cell["text"]) for row in long["rows"] for cell in row) < 12_000
