"""What a breach means for rows, where that follows from the number itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.triage import EXPECTATION
from monitoring_pipelines.metrics import FAIRNESS

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

# shares of `n` that are worse when lower, and when higher
_FALLING = {
    "accuracy": "{rows} more wrong decisions than usual, of {n} with a label",
    "label_coverage": "{rows} labels fewer than usual, of {n}",
}
_RISING = {
    "missing_rate": "{rows} more rows without a value than usual, of {n}",
    "out_of_range_rate": "{rows} more values out of range than usual, of {n}",
    "unseen_rate": "{rows} more values never seen before than usual, of {n}",
    "duplicate_rate": "{rows} more repeated rows than usual, of {n}",
    "type_change": "{rows} more rows of another type than usual, of {n}",
}


def impact(result: Result) -> str:
    """How many more rows are affected in this window than usual; empty where nobody can tell.

    Of a fairness metric it is the rates of the group and of the rest, which its reason begins with.
    """
    metric, value, usual = result.metric, result.value, result.reference_value
    if metric in FAIRNESS:
        return result.reason.partition(":")[0]
    if value is None or usual is None:
        return ""
    if metric == "volume":
        rows, told = usual - value, "{rows} predictions fewer than usual"
    elif metric in _FALLING:
        rows, told = (usual - value) * result.n, _FALLING[metric]
    elif metric in _RISING:
        rows, told = (value - usual) * result.n, _RISING[metric]
    elif metric.startswith(EXPECTATION):
        rows, told = value * result.n, "{rows} of {n} rows"
    else:
        return ""
    return told.format(rows=_about(rows), n=f"{result.n:,}") if round(rows) > 0 else ""


def _about(rows: float) -> str:
    """Three figures: the usual value is an estimate too."""
    return f"about {float(f'{rows:.3g}'):,.0f}"
