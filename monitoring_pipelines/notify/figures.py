"""Charts and tables as Slack draws them itself, without an upload."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from monitoring_pipelines.notify.elements import Block, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.alerts.message import Chart, Table

MAX_CELL = 80
MAX_ROWS = 60
MAX_POINTS = 20
MAX_TITLE = 50
MAX_LABEL = 20
MIN_POINTS = 2
AGAIN = " (20)"


def chart(drawn: Chart) -> Block | None:
    """A line with its usual value and its limit; None if fewer than two windows have a value.

    Slack wants a number for every place of the axis, so a window without one has no place there,
    and the axis says how many those are.
    """
    pairs = list(zip(drawn.labels, drawn.values, strict=True))[-MAX_POINTS:]
    known = [(label, value) for label, value in pairs if value is not None and math.isfinite(value)]
    if len(known) < MIN_POINTS:
        return None
    places, period = _places([label for label, _ in known])
    lines = [("value", [value for _, value in known])]
    lines += [
        (name, [level] * len(known))
        for name, level in (("usual", drawn.usual), ("limit", drawn.limit))
        if level is not None
    ]
    left_out = len(pairs) - len(known)
    told = [f"windows of {period}" if period else "windows"]
    if left_out:
        told.append(f"{left_out} without a value left out")
    return {
        "type": "data_visualization",
        "title": shown(drawn.title, MAX_TITLE),
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": place, "value": value}
                        for place, value in zip(places, values, strict=True)
                    ],
                }
                for name, values in lines
            ],
            "axis_config": {"categories": places, "x_label": shown(", ".join(told), MAX_TITLE)},
        },
    }


def _places(labels: Sequence[str]) -> tuple[list[str], str]:
    """Names that fit under an axis, each once, and what they all begin with.

    >>> _places(["2026-11-21", "2026-11-22"])
    (['21', '22'], '2026-11')
    """
    shared = []
    for parts in zip(*(label.split("-") for label in labels), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    period = "-".join(shared)
    seen = Counter[str]()
    places = []
    for label in labels:
        place = shown(label.removeprefix(period).removeprefix("-"), MAX_LABEL - len(AGAIN))
        seen[place] += 1
        # the clock shows one hour twice when it is set back
        places.append(f"{place} ({seen[place]})" if seen[place] > 1 else place)
    return places, period


def table(told: Table) -> Block:
    """Rows under their headings, numbers to the right."""
    rows = [told.columns, *told.rows[:MAX_ROWS]]
    return {
        "type": "table",
        "column_settings": [
            {"align": "right" if _is_numeric([row[i] for row in rows[1:]]) else "left"}
            for i in range(len(told.columns))
        ],
        "rows": [
            [{"type": "raw_text", "text": shown(cell, MAX_CELL)} for cell in row] for row in rows
        ],
    }


def _is_numeric(cells: Sequence[str]) -> bool:
    return all(not cell.strip("0123456789.,-+%e ") for cell in cells)
