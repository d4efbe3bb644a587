"""Numbers and names of a result as short sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.triage import EXPECTATION, RUN, SHAPE

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

_STEPS = {
    Cause.PERFORMANCE: (
        "Look at the drift of the same window: it says which feature or segment moved.",
        "Check what changed since then: model version, upstream data, label source.",
        "Decide on roll-back or retraining.",
    ),
    Cause.DATA_CONTRACT: (
        "Ask the owner of the upstream data what changed in this window.",
        "If the change is intended, update the contract or the reference period.",
        "Repair the data and run the window again: the alert closes by itself.",
    ),
    Cause.SILENCE: (
        "Check whether the model still serves, or only its log is not delivered.",
        "When the data are there, run the window again: the alert closes by itself.",
    ),
}


def steps(cause: Cause) -> tuple[str, ...]:
    """What to do about trouble of this kind."""
    return _STEPS[cause]


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


def shown(result: Result, value: float | None) -> str:
    """A value of a result in its unit; a dash for none."""
    return "-" if value is None else _in_unit(result, value)


def limit(result: Result) -> float | None:
    """Value from which a result counts as worse than usual; None if there is none."""
    if result.reference_value is None or result.value is None or not result.tolerance:
        return None
    worse = 1 if result.value > result.reference_value else -1
    return result.reference_value + worse * result.tolerance


def impact(result: Result) -> str:
    """What it means for rows, where that follows from the number; empty where it does not."""
    if result.value is None or result.reference_value is None:
        return ""
    if result.metric == "accuracy":
        more, what = result.reference_value - result.value, "wrong decisions"
    elif result.metric.endswith("_rate"):
        more, what = result.value - result.reference_value, "rows"
    else:
        return ""
    return f"about {more * result.n:,.0f} more {what} than usual" if more > 0 else ""


def name(result: Result) -> str:
    """Metric, column and segment: ``missing_rate of income for country=BR``."""
    metric = result.metric.removeprefix(EXPECTATION)
    column = f" of {result.column}" if result.column else ""
    segment = f" for {result.segment}" if result.segment else ""
    return f"{metric}{column}{segment}"


def breach(result: Result) -> str:
    """What is wrong, how much, and against which limit and usual value."""
    if result.metric == RUN:
        return "A monitoring run failed, so its window is not judged."
    if result.metric == "volume" and result.value == 0:
        return f"No predictions{_against(result)}."
    if result.metric.startswith(EXPECTATION):
        return f"{name(result)} is not met."
    if result.metric in SHAPE or result.value is None:
        return f"{name(result)} is broken."
    return f"{name(result)} is {_in_unit(result, result.value)}{_against(result)}."


def change(result: Result) -> str:
    """The same in a few words, for a list."""
    if result.value is None or result.metric in SHAPE or result.metric.startswith(EXPECTATION):
        return name(result)
    usual = ""
    if result.reference_value is not None:
        usual = f" (usual {_in_unit(result, result.reference_value)})"
    return f"{name(result)} {_in_unit(result, result.value)}{usual}"


def _against(result: Result) -> str:
    told = []
    if result.reference_value is not None:
        worst = limit(result)
        if worst is not None:
            told.append(f"limit {_in_unit(result, worst)}")
        told.append(f"usual {_in_unit(result, result.reference_value)}")
    if result.low is not None and result.high is not None:
        low, high = _in_unit(result, result.low), _in_unit(result, result.high)
        told.append(f"interval {low} to {high}")
    return f" ({', '.join(told)})" if told else ""


def _in_unit(result: Result, value: float) -> str:
    return percent(value) if result.metric.endswith("_rate") else number(value)
