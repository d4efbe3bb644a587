"""Numbers and names of a result as short sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.triage import (
    EXPECTATION,
    GOVERNANCE,
    RUN,
    SECURITY,
    SHAPE,
    UPSTREAM,
)
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.metrics import FAIRNESS, PERFORMANCE, SANITY, SIGNALS
from monitoring_pipelines.metrics.base import Direction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from monitoring_pipelines.alerts.cause import Cause
    from monitoring_pipelines.domain.result import Result

_KINDS = {
    "volume": "too few rows",
    "staleness": "no new rows",
    "label_coverage": "labels missing",
    RUN: "run failed",
    UPSTREAM: "upstream run failed",
    "readable": "unreadable log",
    "labels_readable": "unreadable labels",
    "unreadable_images": "unreadable images",
    "schema": "columns gone",
    "type_change": "another type",
}
_TOLD = (GOVERNANCE, *SECURITY)
_NO_NUMBER = (EXPECTATION, *_TOLD)
_SHARES = frozenset({"label_coverage", "type_change", "unreadable_images", *SANITY})


def number(value: float) -> str:
    """Three figures are enough to decide by.

    >>> number(0.80412), number(41207.0), number(3.0), number(1234.56)
    ('0.804', '41,207', '3', '1,235')
    """
    if value == int(value) or abs(value) >= 1000:  # noqa: PLR2004 - four figures before the point
        return f"{value:,.0f}"
    return f"{value:.3g}"


def percent(share: float) -> str:
    """A share as people say it.

    >>> percent(0.1234)
    '12.3 %'
    """
    return f"{100 * share:.3g} %"


def duration(time: timedelta) -> str:
    """Days and hours, or minutes if it is shorter than an hour.

    >>> from datetime import timedelta
    >>> duration(timedelta(days=3, hours=4, minutes=9)), duration(timedelta(minutes=9))
    ('3 d 4 h', '9 min')
    """
    hours, rest = divmod(int(time.total_seconds()), 3600)
    days, hours = divmod(hours, 24)
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h")) if n]
    return " ".join(parts) or f"{rest // 60} min"


def is_share(result: Result) -> bool:
    """Whether its value is a part of one, told in per cent."""
    metric = result.metric
    return metric in _SHARES or metric.endswith("_rate") or metric.startswith(EXPECTATION)


def shown(result: Result, value: float | None) -> str:
    """A value of a result in its unit; a dash for none."""
    if value is None:
        return "-"
    return percent(value) if is_share(result) else number(value)


def limit(result: Result) -> float | None:
    """Value from which a result counts as worse than usual; None if there is none.

    A metric without a known direction gets the limit on the side that its value is on.
    """
    if result.metric in FAIRNESS:  # a group is compared with the rest, not with the past
        below = result.metric != "selection_rate_ratio" and (result.value or 0.0) < 0
        return -result.tolerance if below and result.tolerance else result.tolerance
    usual = result.reference_value
    if usual is None or result.value is None or not result.tolerance:
        return None
    worse = 1 if result.value > usual or result.metric.endswith("_rate") else -1
    known = PERFORMANCE if result.metric in PERFORMANCE else SIGNALS
    if result.metric in known:
        direction = known[result.metric].direction
        if direction is Direction.AWAY_FROM_ZERO_IS_WORSE:
            worst = abs(usual) + result.tolerance
            return worst if result.value >= 0 else -worst
        worse = 1 if direction is Direction.HIGHER_IS_WORSE else -1
    return usual + worse * result.tolerance


def subject(result: Result, cause: Cause) -> str:
    """Kind of trouble, and which one where people do different things about it."""
    kind = _KINDS.get(result.metric)
    return f"{cause.label}: {kind}" if kind else cause.label


def name(result: Result) -> str:
    """Metric, column and segment: ``missing_rate of income for country=BR``."""
    metric = result.metric.removeprefix(EXPECTATION)
    if result.status is Status.ESTIMATED:
        metric = f"estimated {metric}"
    column = f" of {result.column}" if result.column else ""
    segment = f" for {result.segment}" if result.segment else ""
    return f"{metric}{column}{segment}"


def breach(result: Result) -> str:
    """What is wrong, how much, and against which limit and usual value.

    The reason of a result is not told: it may quote data.
    """
    if result.metric.startswith(_TOLD):  # their sentences quote names, counts and dates only
        if result.column:
            return f"In {result.column}: {result.reason}."
        return f"{result.reason[:1].upper()}{result.reason[1:]}."
    if result.metric in _SAID:
        return _SAID[result.metric](result)
    if result.metric.startswith(EXPECTATION):
        rows = f" by {percent(result.value)} of the rows" if result.value else ""
        return f"{name(result)} is not met{rows}."
    if result.value is None:
        return f"{name(result)} is broken."
    return f"{name(result)} is {shown(result, result.value)}{_against(result)}."


def change(result: Result) -> str:
    """The same in a few words, for a list; the name alone where the value says nothing."""
    if result.value is None or result.metric in SHAPE or result.metric.startswith(_NO_NUMBER):
        return name(result)
    usual = ""
    if result.reference_value is not None:
        usual = f" (usual {shown(result, result.reference_value)})"
    return f"{name(result)} {shown(result, result.value)}{usual}"


def _volume(result: Result) -> str:
    some = f"Only {number(result.value)} predictions" if result.value else "No predictions"
    return f"{some}{_against(result)}."


def _staleness(result: Result) -> str:
    if result.value is None:
        return "No prediction has ever arrived."
    return f"The newest prediction is {number(result.value)} hours older than the window's end."


def _schema(result: Result) -> str:
    if not result.value:
        return "schema is broken."
    return "1 column is gone." if result.value == 1 else f"{number(result.value)} columns are gone."


def _type_change(result: Result) -> str:
    where = result.column or "A column"
    if result.value is None:
        return f"{where} has another type."
    return f"{where} has another type in {percent(result.value)} of its rows."


def _labels(result: Result) -> str:
    told = shown(result, result.value)
    return f"Only {told} of the labels that are due have arrived{_against(result)}."


_SAID: dict[str, Callable[[Result], str]] = {
    RUN: lambda _: "A monitoring run failed: its window is unknown, not fine.",
    UPSTREAM: lambda result: f"A run of {result.column} failed, which this model depends on.",
    "volume": _volume,
    "staleness": _staleness,
    "schema": _schema,
    "type_change": _type_change,
    "label_coverage": _labels,
    "readable": lambda _: "The prediction log cannot be read.",
    "labels_readable": lambda _: "The labels cannot be read.",
}


def _against(result: Result) -> str:
    told = []
    if result.reference_value is not None:
        worst = limit(result)
        if worst is not None:
            told.append(f"limit {shown(result, worst)}")
        told.append(f"usual {shown(result, result.reference_value)}")
    if result.low is not None and result.high is not None:
        told.append(f"interval {shown(result, result.low)} to {shown(result, result.high)}")
    return f" ({', '.join(told)})" if told else ""
