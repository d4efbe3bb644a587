"""Columns whose distribution moved, those first that do most to the performance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.alerts.area import Area, area
from monitoring_pipelines.alerts.explanation import DRIFT as EFFECT
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.trend import Course, spark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from markupsafe import Markup

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.report.slots import Slot

# of a column with several metrics the one that has the same scale for all
COMMON = "jensen_shannon"
# so many columns have a course
SHOWN = 12


class Moved(NamedTuple):
    """A column in the newest window: the metric that tells most of it, and its effect if known.

    `n_windows` of the period had drift in it.
    """

    result: Result
    effect: Result | None
    n_windows: int


def moved(newest: Iterable[Result], n_windows: Mapping[str, int]) -> list[Moved]:
    """All columns, ranked: by verdict, then by what drift does to the performance.

    Where that is not known, by the number of windows and by the distance beyond chance.
    """
    told: dict[str, Result] = {}
    effects: dict[str, Result] = {}
    for one in newest:
        if one.segment or not one.column:
            continue
        if one.metric == EFFECT:
            effects[one.column] = one
        elif area(one.metric) is Area.DRIFT:
            known = told.get(one.column)
            told[one.column] = one if known is None else max(known, one, key=_telling)
    found = [
        Moved(one, effects.get(column), n_windows.get(column, 0)) for column, one in told.items()
    ]
    return sorted(found, key=_place)


def _telling(result: Result) -> tuple[int, bool, str]:
    return result.verdict.rank, result.metric == COMMON, result.metric


def _place(one: Moved) -> tuple[int, float, int, float, str]:
    clear = one.effect is not None and one.effect.verdict is Verdict.OK
    effect = abs(one.effect.value or 0.0) if clear and one.effect is not None else 0.0
    beyond = (one.result.value or 0.0) - (one.result.noise_floor or 0.0)
    return -one.result.verdict.rank, -effect, -one.n_windows, -beyond, one.result.column


def courses(
    ranked: Sequence[Moved], results: Iterable[Result], slots: Sequence[Slot], zone: tzinfo
) -> dict[str, Markup]:
    """The course of each column that has one, by its name."""
    by_column: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        by_column.setdefault((result.column, result.metric), []).append(result)
    found = {}
    for one in ranked:
        mine = by_column.get((one.result.column, one.result.metric), [])
        if sum(r.value is not None for r in mine) > 1:
            name = f"{one.result.metric} of {one.result.column}"
            by_window = {r.window.utc: r for r in mine}
            found[one.result.column] = spark(
                Course(name=name, slots=slots, realised=by_window), zone
            )
    return found
