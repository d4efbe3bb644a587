"""Tables of numbers: each metric once, with its newest value and its course."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.alerts.area import Area, area
from monitoring_pipelines.alerts.explanation import EXPLAINING
from monitoring_pipelines.alerts.triage import GOVERNANCE, SECURITY
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.trend import Course, spark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from markupsafe import Markup

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.report.slots import Slot

# a sentence or a promise has no course
_NO_COURSE = (GOVERNANCE, *SECURITY)


class Number(NamedTuple):
    """The newest result of a metric that is known, and its course."""

    result: Result
    course: Markup | None


def numbers(
    whole: Iterable[Result], part: Area, slots: Sequence[Slot], zone: tzinfo, first: str = ""
) -> list[Number]:
    """Every metric of a part, the metric `first` and what is not ok before the others."""
    by_metric: dict[str, list[Result]] = {}
    for one in whole:
        if area(one.metric) is part and one.metric not in EXPLAINING:
            by_metric.setdefault(one.metric, []).append(one)
    found = []
    for name, results in by_metric.items():
        results.sort(key=lambda r: r.window)
        course = None
        if sum(r.value is not None for r in results) > 1 and not name.startswith(_NO_COURSE):
            by_window = {r.window.utc: r for r in results}
            course = spark(Course(name=name, slots=slots, realised=by_window), zone)
        found.append(Number(results[-1], course))
    return sorted(found, key=lambda n: _place(n.result, first))


def _place(result: Result, first: str) -> tuple[bool, int, bool, str]:
    # what is ok and has no number says least
    return result.metric != first, -result.verdict.rank, result.value is None, result.metric


def findings(results: Iterable[Result], part: Area) -> list[Result]:
    """What is not ok of single columns and segments, the worst first."""
    found = [
        one
        for one in results
        if area(one.metric) is part
        and one.verdict is not Verdict.OK
        and (one.column or one.segment)
        and one.metric not in EXPLAINING
    ]
    return sorted(found, key=lambda r: (-r.verdict.rank, r.metric, r.column, r.segment))
