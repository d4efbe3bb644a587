"""How often a model was right, by how sure it was: a diagram of one table or of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.alerts.wording import percent
from monitoring_pipelines.report.axis import Axis
from monitoring_pipelines.report.svg import path, picture, tag
from monitoring_pipelines.stats.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from monitoring_pipelines.summaries.score_table import ScoreTable

SIDE, LEFT, TOP, RIGHT, BARS, BOTTOM = 300.0, 46.0, 12.0, 12.0, 54.0, 44.0
N_BINS = 10
CONFIDENCE = 0.95
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

X = Axis(0, 1, LEFT, LEFT + SIDE)
Y = Axis(0, 1, TOP + SIDE, TOP)
BASE = TOP + SIDE + BARS


def reliability(table: ScoreTable, usual: ScoreTable | None = None) -> Markup:
    """Draw it over ten equal bins of the score; `usual` is the reference's, as open diamonds.

    The diagonal is a model that means what it says. Points have Wilson's intervals at 95 %, the
    bars below are shares of the rows.
    """
    n, right, _ = table.binned(N_BINS)
    told = [
        f"{percent(i / N_BINS)} to {percent((i + 1) / N_BINS)} right {percent(right[i] / n[i])}"
        for i in np.flatnonzero(n)
    ]
    label = f"Reliability: of scores from {'; '.join(told)}" if told else "Reliability: no rows"
    parts = [*_axes(), *(_usual(usual) if usual is not None else ()), *_points(table)]
    return picture(LEFT + SIDE + RIGHT, BASE + BOTTOM, label, parts, "reliability")


def _axes() -> Iterator[Markup]:
    for tick in TICKS:
        x, y = X.at(tick), Y.at(tick)
        yield tag("line", x1=x, x2=x, y1=Y.at(0), y2=Y.at(1), class_="grid")
        yield tag("line", x1=X.at(0), x2=X.at(1), y1=y, y2=y, class_="grid")
        yield tag("text", f"{tick:g}", x=LEFT - 7, y=y + 4, class_="y")
        yield tag("text", f"{tick:g}", x=x, y=BASE + 16, class_="x")
    yield tag("line", x1=X.at(0), x2=X.at(1), y1=Y.at(0), y2=Y.at(1), class_="usual")
    yield tag("line", x1=X.at(0), x2=X.at(1), y1=BASE, y2=BASE, class_="grid")
    yield tag("text", "probability that was given", x=X.at(0.5), y=BASE + 36, class_="x")


def _usual(table: ScoreTable) -> Iterator[Markup]:
    n, right, said = table.binned(N_BINS)
    for i in np.flatnonzero(n):
        x, y = X.at(said[i] / n[i]), Y.at(right[i] / n[i])
        corners = [(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)]
        yield tag("polygon", points=path(corners), class_="m before")


def _points(table: ScoreTable) -> Iterator[Markup]:
    n, right, said = table.binned(N_BINS)
    for i in np.flatnonzero(n):
        x, y = X.at(said[i] / n[i]), Y.at(right[i] / n[i])
        low, high = wilson(right[i], n[i], CONFIDENCE)
        told = f"given {percent(said[i] / n[i])}, right {percent(right[i] / n[i])} of {n[i]:,.0f}"
        yield tag("line", x1=x, x2=x, y1=Y.at(low), y2=Y.at(high), class_="whisker")
        yield tag("circle", tag("title", told), cx=x, cy=y, r=4, class_="m dot")
        tall = (BARS - 14) * n[i] / n.sum()
        x1, x2 = X.at(i / N_BINS), X.at((i + 1) / N_BINS)
        yield tag("rect", x=x1 + 1, y=BASE - tall, width=x2 - x1 - 2, height=tall, class_="share")
