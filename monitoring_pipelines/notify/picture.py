"""A chart as a PNG, for where none can be drawn natively."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines.notify.safe import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageDraw import ImageDraw

    from monitoring_pipelines.alerts.message import Chart

WIDTH, HEIGHT = 1280, 560
# left and right of the plot stand numbers, above it the title, below it the windows
LEFT, RIGHT, TOP, BOTTOM = 110, 170, 84, 58
TITLE_SIZE, TEXT_SIZE = 30, 21
MAX_TITLE, MAX_LABEL = 70, 20
MAX_X_LABELS = 8
N_TICKS = 4
HEADROOM = 0.08
# enough contrast on white, and told apart by whoever sees no red or green
INK, PALE, GRID = "#1d1c1d", "#616061", "#e4e4e4"
DATA, LIMIT, USUAL = "#1264a3", "#c4320a", "#616061"
# the font has no look-alikes, and pixels have no syntax
_DRAWN = str.maketrans("\u2217\u223c\u02cb\u2581\ua789\uff06", "*~'_:&")


# so that the newest number can be read where it stands on a line
_HALO: dict[str, Any] = {"stroke_width": 5, "stroke_fill": "white"}


class _Plot(NamedTuple):
    """Where a value stands in pixels."""

    low: float
    high: float
    n: int

    def x(self, index: int) -> float:
        span = WIDTH - LEFT - RIGHT
        return LEFT + span * (index + 0.5) / max(self.n, 1)

    def y(self, value: float) -> float:
        span = HEIGHT - TOP - BOTTOM
        return HEIGHT - BOTTOM - span * (value - self.low) / (self.high - self.low)


def png(chart: Chart) -> bytes:
    """Draw `chart`: values over windows, the usual value and the limit as lines with names.

    A window without a value is a gap. Texts may come from data, so all of them are inert.
    """
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    draw.font = ImageFont.load_default(TEXT_SIZE)
    draw.text((LEFT, 24), _text(chart.title, MAX_TITLE), INK, ImageFont.load_default(TITLE_SIZE))
    plot = _plot(chart)
    _axes(draw, plot, chart)
    _lines(draw, plot, chart)
    _values(draw, plot, chart)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _plot(chart: Chart) -> _Plot:
    known = [
        value
        for value in (*chart.values, chart.usual, chart.limit)
        if value is not None and math.isfinite(value)
    ]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    room = (high - low) * HEADROOM or abs(high) * HEADROOM or 1.0
    return _Plot(low - room, high + room, len(chart.values))


def _ticks(plot: _Plot) -> Iterator[float]:
    """Round numbers, about `N_TICKS` of them."""
    raw = (plot.high - plot.low) / N_TICKS
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= raw)
    for number in range(math.ceil(plot.low / step), math.floor(plot.high / step) + 1):
        yield number * step


def _axes(draw: ImageDraw, plot: _Plot, chart: Chart) -> None:
    for tick in _ticks(plot):
        y = plot.y(tick)
        draw.line((LEFT, y, WIDTH - RIGHT, y), GRID, 2)
        draw.text((LEFT - 14, y), _number(tick), PALE, anchor="rm")
    every = math.ceil(len(chart.labels) / MAX_X_LABELS) or 1
    # counted from the newest, whose name matters most
    for index in range(len(chart.labels) - 1, -1, -every):
        x = plot.x(index)
        draw.line((x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 7), PALE, 2)
        label = _text(chart.labels[index], MAX_LABEL)
        draw.text((x, HEIGHT - BOTTOM + 14), label, PALE, anchor="mt")


def _lines(draw: ImageDraw, plot: _Plot, chart: Chart) -> None:
    named = [("limit", chart.limit, LIMIT), ("usual", chart.usual, USUAL)]
    shown = [(name, v, colour) for name, v, colour in named if v is not None and math.isfinite(v)]
    shown.sort(key=lambda line: -line[1])
    lowest = -math.inf
    for name, value, colour in shown:
        y = plot.y(value)
        for x in range(LEFT, WIDTH - RIGHT, 20):
            draw.line((x, y, min(x + 12, WIDTH - RIGHT), y), colour, 3)
        # two lines that are close together must not write over each other
        lowest = max(y, lowest + TEXT_SIZE + 6)
        draw.text((WIDTH - RIGHT + 12, lowest), f"{name} {_number(value)}", colour, anchor="lm")


def _values(draw: ImageDraw, plot: _Plot, chart: Chart) -> None:
    points = [
        (plot.x(i), plot.y(v)) if v is not None and math.isfinite(v) else None
        for i, v in enumerate(chart.values)
    ]
    for one, other in pairwise(points):
        if one and other:
            draw.line((*one, *other), DATA, 5)
    known = [(i, point) for i, point in enumerate(points) if point]
    for _, (x, y) in known:
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), DATA, "white", 2)
    if not known:
        draw.text((WIDTH / 2, HEIGHT / 2), "no value", PALE, anchor="mm")
        return
    index, (x, y) = known[-1]
    is_high = y < TOP + 2 * TEXT_SIZE
    where = (x, y + 14) if is_high else (x, y - 14)
    newest = chart.values[index]
    text = _number(newest) if newest is not None else ""
    draw.text(where, text, DATA, anchor="mt" if is_high else "mb", **_HALO)


def _number(value: float) -> str:
    """Three digits, with the unit that people read: 12.3M and not 1.23e+07."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def _text(text: str, limit: int) -> str:
    return inert(text, limit).translate(_DRAWN)
