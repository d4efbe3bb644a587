"""Slack's limits of tables and charts."""

from __future__ import annotations

import math
from typing import Any

from monitoring_pipelines.notify.textlint import Node, Problems, listed, sized, texted

MAX_CELL = 3_000
MAX_ROWS = 100
MAX_COLUMNS = 20
MAX_TITLE = 50
MAX_SERIES = 6
MAX_POINTS = 20
MAX_LABEL = 20
MAX_AXIS = 50

_LINES = {"line", "bar", "area"}
_RAW = frozenset({"raw_text"})


def table(block: Node, at: str) -> Problems:
    """Rows of one width, no empty cell."""
    rows = block.get("rows")
    if not listed(rows, MAX_ROWS):
        return [f"{at}/rows: 1 to {MAX_ROWS} items"]
    found, width = [], len(rows[0])
    for index, row in enumerate(rows):
        here = f"{at}/rows/{index}"
        if not listed(row, MAX_COLUMNS) or len(row) != width:
            found.append(f"{here}: 1 to {MAX_COLUMNS} cells, in every row as many")
            continue
        found += [
            p for i, cell in enumerate(row) for p in texted(cell, f"{here}/{i}", MAX_CELL, _RAW)
        ]
    if len(block.get("column_settings", [])) > width:
        found.append(f"{at}/column_settings: more than columns")
    return found


def chart(block: Node, at: str) -> Problems:
    """Lines over one axis: every line has a number at every place of it."""
    found = sized(block.get("title"), f"{at}/title", MAX_TITLE)
    drawn, at = block.get("chart", {}), f"{at}/chart"
    if drawn.get("type") not in _LINES:
        found.append(f"{at}/type: not one of {', '.join(sorted(_LINES))}")
    axis, series = drawn.get("axis_config", {}), drawn.get("series")
    if not listed(axis.get("categories"), MAX_POINTS):
        return [*found, f"{at}/axis_config/categories: 1 to {MAX_POINTS} items"]
    if not listed(series, MAX_SERIES):
        return [*found, f"{at}/series: 1 to {MAX_SERIES} items"]
    found += _axis(axis, f"{at}/axis_config")
    if _is_twice([one.get("name") for one in series]):
        found.append(f"{at}/series: a name twice")
    for index, one in enumerate(series):
        found += _line(one, f"{at}/series/{index}", axis["categories"])
    return found


def _is_twice(names: list[Any]) -> bool:
    return len(set(map(str, names))) < len(names)


def _axis(axis: Node, at: str) -> Problems:
    places = axis["categories"]
    found = [
        p for i, place in enumerate(places) for p in sized(place, f"{at}/categories/{i}", MAX_LABEL)
    ]
    if _is_twice(places):
        found.append(f"{at}/categories: not each once")
    for name in ("x_label", "y_label"):
        if name in axis:
            found += sized(axis[name], f"{at}/{name}", MAX_AXIS)
    return found


def _line(one: Node, at: str, places: list[Any]) -> Problems:
    found = sized(one.get("name"), f"{at}/name", MAX_LABEL)
    points = one.get("data")
    if not listed(points, MAX_POINTS):
        return [*found, f"{at}/data: 1 to {MAX_POINTS} items"]
    if [point.get("label") for point in points] != places:
        found.append(f"{at}/data: not one point for each place of the axis")
    for place, point in enumerate(points):
        value = point.get("value")
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            found.append(f"{at}/data/{place}/value: no finite number")
    return found
