"""A reliability diagram as a PNG: how often a model was right, by how sure it was."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.notify.picture import DATA, GRID, INK, LIMIT, PALE
from monitoring_pipelines.stats.intervals import wilson

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from monitoring_pipelines.summaries.score_table import ScoreTable

SIDE, LEFT, TOP, BARS, BOTTOM, RIGHT = 420, 76, 78, 90, 62, 24
TITLE_SIZE, TEXT_SIZE = 20, 14
N_BINS = 10
CONFIDENCE = 0.95


def reliability_png(table: ScoreTable, title: str = "Reliability") -> bytes:
    """Draw it, over ten equal bins of the score; the diagonal is a model that means what it says.

    Points have Wilson's intervals at 95 %; the bars below are shares of the rows. Of no row it is
    an empty diagram.
    """
    from PIL import Image, ImageDraw, ImageFont

    width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BARS + BOTTOM
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    draw.font = ImageFont.load_default(TEXT_SIZE)
    draw.text((LEFT, 18), title, INK, ImageFont.load_default(TITLE_SIZE))
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        draw.line((_x(tick), _y(0), _x(tick), _y(1)), GRID)
        draw.line((_x(0), _y(tick), _x(1), _y(tick)), GRID)
        draw.text((_x(tick), TOP + SIDE + BARS + 8), f"{tick:g}", PALE, anchor="mt")
        draw.text((LEFT - 8, _y(tick)), f"{tick:g}", PALE, anchor="rm")
    draw.line((_x(0), _y(0), _x(1), _y(1)), LIMIT, 2)
    _points(draw, table)
    draw.text((_x(0.5), height - 12), "probability that was given", INK, anchor="mb")
    draw.text((LEFT, TOP - 6), "share that was right", INK, anchor="lb")
    buffer = io.BytesIO()
    picture.quantize(32).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _points(draw: ImageDraw, table: ScoreTable) -> None:
    n, right, said = table.binned(N_BINS)
    base = TOP + SIDE + BARS
    draw.line((_x(0), base, _x(1), base), GRID, 1)
    for i in np.flatnonzero(n):
        x, y = _x(said[i] / n[i]), _y(right[i] / n[i])
        low, high = wilson(right[i], n[i], CONFIDENCE)
        draw.line((x, _y(low), x, _y(high)), DATA, 2)
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), DATA)
        tall = (BARS - 26) * n[i] / n.sum()
        draw.rectangle((_x(i / N_BINS) + 2, base - tall, _x((i + 1) / N_BINS) - 2, base), DATA)


def _x(share: float) -> float:
    return LEFT + SIDE * share


def _y(share: float) -> float:
    return TOP + SIDE * (1 - share)
