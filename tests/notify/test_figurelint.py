from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.notify.figurelint import chart, table


def rows(cells: list[list[str]], **other: Any) -> dict[str, Any]:
    raw = [[{"type": "raw_text", "text": text} for text in row] for row in cells]
    return {"type": "table", "rows": raw} | other


def line(name: str = "s", labels: tuple[str, ...] = ("l",), value: Any = 1.0) -> dict[str, Any]:
    return {"name": name, "data": [{"label": label, "value": value} for label in labels]}


def drawn(
    *lines: dict[str, Any], places: tuple[str, ...] = ("l",), title: str = "x", **axis: str
) -> dict[str, Any]:
    config = {"categories": list(places)} | axis
    shape = {"type": "line", "series": list(lines), "axis_config": config}
    return {"type": "data_visualization", "title": title, "chart": shape}


MANY = tuple(str(i) for i in range(21))


def test_what_is_fine_is_fine() -> None:
    assert (
        table(rows([["a", "b"], ["1", "2"]], column_settings=[{}, {"align": "right"}]), "/0") == []
    )
    full = drawn(line(), line("limit", value=0), x_label="x" * 50, y_label="y")
    assert chart(full, "/0") == []


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        pytest.param(rows([]), "/0/rows: 1 to 100", id="empty"),
        pytest.param(rows([["a"]] * 101), "/0/rows: 1 to 100", id="long"),
        pytest.param(rows([["a"] * 21]), "/0/rows/0: 1 to 20 cells", id="wide"),
        pytest.param(rows([["a", "b"], ["a"]]), "/0/rows/1", id="ragged"),
        pytest.param(rows([[""]]), "/0/rows/0/0", id="empty cell"),
        pytest.param(rows([["a"]], column_settings=[{}, {}]), "/0/column_settings", id="settings"),
        pytest.param({"rows": [[{"type": "mrkdwn"}]]}, "/0/rows/0/0: not", id="markup"),
    ],
)  # fmt: skip
def test_a_table_that_slack_refuses(bad: dict[str, Any], place: str) -> None:
    assert any(problem.startswith(place) for problem in table(bad, "/0"))


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        pytest.param(drawn(line(), title="x" * 51), "/0/title", id="title"),
        pytest.param(drawn(), "/0/chart/series: 1 to 6", id="no line"),
        pytest.param(drawn(*[line(str(i)) for i in range(7)]), "/0/chart/series: 1", id="lines"),
        pytest.param(drawn(line(), line()), "/0/chart/series: a name twice", id="same name"),
        pytest.param(drawn(line("x" * 21)), "/0/chart/series/0/name", id="long name"),
        pytest.param(drawn(line(), places=()), "/0/chart/axis_config/categories: 1", id="no place"),
        pytest.param(drawn(line(labels=MANY), places=MANY), "/0/chart/axis_config/categories: 1",
                     id="many places"),
        pytest.param(drawn(line(labels=("l", "l")), places=("l", "l")),
                     "/0/chart/axis_config/categories: not each once", id="a place twice"),
        pytest.param(drawn(line(), places=("x" * 21,)), "/0/chart/axis_config/categories/0",
                     id="long place"),
        pytest.param(drawn(line(), x_label="x" * 51), "/0/chart/axis_config/x_label", id="axis"),
        pytest.param(drawn(line(), places=("l", "m")), "/0/chart/series/0/data: not one point",
                     id="a hole"),
        pytest.param(drawn(line(labels=())), "/0/chart/series/0/data: 1 to 20", id="no point"),
        pytest.param(drawn(line(value=float("nan"))), "/0/chart/series/0/data/0/value", id="nan"),
        pytest.param(drawn(line(value=True)), "/0/chart/series/0/data/0/value", id="a truth"),
        pytest.param(drawn(line(value="1")), "/0/chart/series/0/data/0/value", id="a text"),
        pytest.param(drawn(line()) | {"chart": {}}, "/0/chart/type", id="no type"),
    ],
)  # fmt: skip
def test_a_chart_that_slack_refuses(bad: dict[str, Any], place: str) -> None:
    assert any(problem.startswith(place) for problem in chart(bad, "/0"))
