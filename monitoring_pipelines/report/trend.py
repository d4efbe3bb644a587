"""The course of one number over the windows: final, provisional and estimated, against its limits.

What has a value is joined by a line, so a window without one is a gap. Verdicts and statuses differ
in shape, not in colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.wording import limit, number, shown
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.axis import Axis, dates, spread
from monitoring_pipelines.report.slots import Slot, worst_of
from monitoring_pipelines.report.svg import coordinate, path, picture, tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import tzinfo

    from markupsafe import Markup

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window

WIDTH, HEIGHT = 720.0, 270.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 56.0, 14.0, 34.0
X_LABELS = 4
# of more windows only those that are not ok have a mark
MARKED = 130
SPARK_WIDTH, SPARK_HEIGHT, SPARK_ROOM = 130.0, 26.0, 4.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One number over `slots`; `realised` and `estimated` are its results by window in UTC."""

    name: str
    slots: Sequence[Slot]
    realised: Mapping[Window, Result]
    estimated: Mapping[Window, Result] = field(default_factory=dict)
    # names of model versions, where another one begins to serve
    marks: Mapping[Window, str] = field(default_factory=dict)


def trend(course: Course, zone: tzinfo) -> Markup:
    """Draw it with axes, intervals, the reference and the limit."""
    realised = worst_of(course.slots, course.realised)
    estimated = worst_of(course.slots, course.estimated)
    y = Axis.over(_heights(realised, estimated), HEIGHT - BOTTOM, TOP)
    xs = _places(course.slots)
    parts = [
        *_axes(course.slots, xs, zone),
        *_heights_named(y, realised, estimated),
        *_versions(course, xs),
        *_bands(xs, realised, y),
        *_usual(xs, realised, estimated, y),
        *_lines(xs, estimated, y, "estimated"),
        *_lines(xs, realised, y, ""),
        *_marks(xs, estimated, y, zone),
        *_marks(xs, realised, y, zone),
    ]
    return picture(WIDTH, HEIGHT, _label(course, realised, estimated, zone), parts, "trend")


def spark(course: Course, zone: tzinfo) -> Markup:
    """Draw it as a line of the height of a text, with the reference and what failed."""
    realised = worst_of(course.slots, course.realised)
    y = Axis.over(_heights(realised, [], wide=False), SPARK_HEIGHT - SPARK_ROOM, SPARK_ROOM)
    step = (SPARK_WIDTH - 2 * SPARK_ROOM) / max(len(course.slots), 1)
    xs = [SPARK_ROOM + (i + 0.5) * step for i in range(len(course.slots))]
    known = [(x, one) for x, one in zip(xs, realised, strict=True) if one is not None]
    parts = [*_usual(xs, realised, [None] * len(xs), y, limits=False)]
    parts += _lines(xs, realised, y, "")
    bad = [(x, one) for x, one in known if one.verdict in {Verdict.WARN, Verdict.FAIL}]
    for x, one in [*bad[-MARKED:], *known[-1:]]:
        parts.append(_mark(x, y.at(one.value or 0.0), one, small=True))
    label = _label(course, realised, [], zone)
    return picture(SPARK_WIDTH, SPARK_HEIGHT, label, parts, "spark")


def _places(slots: Sequence[Slot]) -> list[float]:
    """The middle of each slot on an axis of time."""
    if not slots:
        return []
    x = Axis(slots[0].start.timestamp(), slots[-1].end.timestamp(), LEFT, WIDTH - RIGHT)
    return [x.at((slot.start.timestamp() + slot.end.timestamp()) / 2) for slot in slots]


def _heights(
    realised: Sequence[Result | None], estimated: Sequence[Result | None], *, wide: bool = True
) -> Iterator[float]:
    """Every value that has to have a place; not `wide` without intervals and limits."""
    for one in filter(None, (*realised, *estimated)):
        seen = (one.value, one.reference_value, limit(one) if wide else None)
        yield from (value for value in seen if value is not None)
    for one in filter(None, realised if wide else ()):
        yield from (value for value in (one.low, one.high) if value is not None)


def _heights_named(
    y: Axis, realised: Sequence[Result | None], estimated: Sequence[Result | None]
) -> Iterator[Markup]:
    unit = next(filter(None, (*realised, *estimated)), None)
    for tick in y.ticks():
        at = y.at(tick)
        yield tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=at, y2=at, class_="grid")
        said = shown(unit, tick) if unit is not None else number(tick)
        yield tag("text", said, x=LEFT - 8, y=at + 4, class_="y")


def _axes(slots: Sequence[Slot], xs: Sequence[float], zone: tzinfo) -> Iterator[Markup]:
    named = spread(len(slots), X_LABELS)
    texts = dates([slots[place].start for place in named], zone)
    for place, text in zip(named, texts, strict=True):
        base = HEIGHT - BOTTOM
        yield tag("line", x1=xs[place], x2=xs[place], y1=base, y2=base + 5, class_="tick")
        yield tag("text", text, x=xs[place], y=HEIGHT - 8, class_="x")


def _versions(course: Course, xs: Sequence[float]) -> Iterator[Markup]:
    for x, slot in zip(xs, course.slots, strict=True):
        names = [course.marks[one.utc] for one in slot.windows if one.utc in course.marks]
        if names:
            title = tag("title", f"model version {', '.join(names)}")
            yield tag("line", title, x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM, class_="version")


def _runs(xs: Sequence[float], results: Sequence[Result | None]) -> Iterator[list[Point]]:
    """Neighbours that have a value: ``(x, index)`` of each run."""
    run: list[Point] = []
    for index, (x, one) in enumerate(zip(xs, results, strict=True)):
        if one is not None:
            run.append((x, index))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _bands(xs: Sequence[float], results: Sequence[Result | None], y: Axis) -> Iterator[Markup]:
    with_interval = [
        one if one is not None and one.low is not None and one.high is not None else None
        for one in results
    ]
    half = (xs[1] - xs[0]) / 3 if len(xs) > 1 else 20.0
    for run in _runs(xs, with_interval):
        found = [(x, one) for x, index in run if (one := with_interval[int(index)])]
        lower = [(x, y.at(one.low or 0.0)) for x, one in found]
        upper = [(x, y.at(one.high or 0.0)) for x, one in found]
        if len(found) == 1:  # a single window has an interval too
            [(x, low)], [(_, high)] = lower, upper
            lower, upper = [(x - half, low), (x + half, low)], [(x - half, high), (x + half, high)]
        yield tag("polygon", points=path([*lower, *reversed(upper)]), class_="band")


def _usual(
    xs: Sequence[float],
    realised: Sequence[Result | None],
    estimated: Sequence[Result | None],
    y: Axis,
    *,
    limits: bool = True,
) -> Iterator[Markup]:
    """The reference and the limit: of one that moves they are a line with corners."""
    either = [one or other for one, other in zip(realised, estimated, strict=True)]
    usual = [(x, one.reference_value) for x, one in zip(xs, either, strict=True) if one]
    worst = [(x, limit(one)) for x, one in zip(xs, either, strict=True) if one] if limits else []
    for line, kind in ((usual, "usual"), (worst, "limit")):
        points = [(x, y.at(value)) for x, value in line if value is not None]
        if points:
            edges = [(xs[0], points[0][1]), *points, (xs[-1], points[-1][1])]
            yield tag("polyline", points=path(edges), class_=kind)


def _lines(
    xs: Sequence[float], results: Sequence[Result | None], y: Axis, kind: str
) -> Iterator[Markup]:
    for run in _runs(xs, results):
        found = [(x, one) for x, index in run if (one := results[int(index)])]
        points = [(x, y.at(one.value or 0.0)) for x, one in found]
        if kind or all(one.status is Status.FINAL for _, one in found):
            yield tag("polyline", points=path(points), class_=kind or "final")
            continue
        for pair, ends in zip(pairwise(points), pairwise(found), strict=True):
            statuses = {one.status for _, one in ends}
            yield tag(
                "polyline",
                points=path(pair),
                class_="final" if statuses == {Status.FINAL} else str(max(statuses)),
            )


def _marks(
    xs: Sequence[float], results: Sequence[Result | None], y: Axis, zone: tzinfo
) -> Iterator[Markup]:
    few = len(xs) <= MARKED
    for x, one in zip(xs, results, strict=True):
        if one is not None and (few or one.verdict in {Verdict.WARN, Verdict.FAIL}):
            yield _mark(x, y.at(one.value or 0.0), one, title=_told(one, zone))


def _mark(x: float, y: float, result: Result, title: str = "", *, small: bool = False) -> Markup:
    """A cross for fail, a triangle for warn; else a diamond, a ring or a dot by the status."""
    inside = [tag("title", title)] if title else []
    size = 3.0 if small or result.status is Status.ESTIMATED else 4.5
    if result.verdict is Verdict.FAIL:
        a, b, c, d = (coordinate(v) for v in (x - size, y - size, x + size, y + size))
        return tag("path", *inside, d=f"M{a} {b}L{c} {d}M{a} {d}L{c} {b}", class_="m fail")
    if result.verdict is Verdict.WARN:
        corners = [(x, y - size), (x + size, y + size * 0.8), (x - size, y + size * 0.8)]
        return tag("polygon", *inside, points=path(corners), class_="m warn")
    if result.status is Status.ESTIMATED:
        s = size * 0.8
        corners = [(x, y - s), (x + s, y), (x, y + s), (x - s, y)]
        return tag("polygon", *inside, points=path(corners), class_="m est")
    is_open = result.status is Status.PROVISIONAL or result.verdict is Verdict.UNKNOWN
    r = size * 0.6
    return tag("circle", *inside, cx=x, cy=y, r=r, class_="m open" if is_open else "m dot")


def _told(result: Result, zone: tzinfo) -> str:
    at = result.window.start.astimezone(zone)
    between = ""
    if result.low is not None and result.high is not None:
        between = f" ({shown(result, result.low)} to {shown(result, result.high)})"
    said = shown(result, result.value)
    return f"{at:%Y-%m-%d %H:%M}: {said}{between}, {result.status}, {result.verdict}"


def _label(
    course: Course,
    realised: Sequence[Result | None],
    estimated: Sequence[Result | None],
    zone: tzinfo,
) -> str:
    """What the drawing shows, in a sentence."""
    known = [one for one in realised if one] or [one for one in estimated if one]
    if not known:
        return f"{course.name}: no value"
    newest, values = known[-1], [one.value or 0.0 for one in known]
    first, last = (one.window.start.astimezone(zone) for one in (known[0], known[-1]))
    n_bad = sum(one.verdict is Verdict.FAIL for one in known)
    bad = f"; {n_bad} fail" if n_bad else ""
    usual = newest.reference_value
    against = f", reference {shown(newest, usual)}" if usual is not None else ""
    return (
        f"{course.name}, {first:%Y-%m-%d} to {last:%Y-%m-%d}: from {shown(newest, min(values))} to "
        f"{shown(newest, max(values))}, newest {shown(newest, values[-1])}{against}{bad}"
    )
