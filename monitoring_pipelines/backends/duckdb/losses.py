"""SQL of what one labelled row adds to a performance metric, NULL where it has no part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import literal
from monitoring_pipelines.domain.task import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.backends.duckdb.labelled import LabelJoin

# as scikit-learn keeps probabilities and denominators away from zero
EPSILON = "2.220446049250313e-16"
ERROR = "(predicted - label)"
LOG_ERROR = "(CASE WHEN label > -1 AND predicted > -1 THEN ln(1 + predicted) - ln(1 + label) END)"
REGRESSION = {
    "bias": ERROR,
    "mae": f"abs({ERROR})",
    "mape": f"abs({ERROR}) / greatest(abs(label), {EPSILON})",
    "mse": f"{ERROR} * {ERROR}",
    "rmse": f"{ERROR} * {ERROR}",
    "rmsle": f"{LOG_ERROR} * {LOG_ERROR}",
}


def row_loss(measure: str, join: LabelJoin) -> str:
    """SQL over the joined rows of the number whose mean is `measure`, or its square."""
    if measure in REGRESSION:
        return REGRESSION[measure]
    if measure == "accuracy":
        return f"(({_right(join)})::DOUBLE)"
    if join.task is Task.MULTICLASS:
        cases = "".join(f" WHEN {literal(name)} THEN proba{i}" for i, name in enumerate(join.proba))
        true = f"CASE label{cases} END"
    else:
        true = f"CASE WHEN {is_positive(join)} THEN score ELSE 1 - score END"
    if measure == "brier_score":
        return f"pow(1 - ({true}), 2)"
    return f"-ln(greatest({EPSILON}, least(1 - {EPSILON}, {true})))"


def score_cell(join: LabelJoin, edges: Sequence[float]) -> str:
    """SQL of the bin of the score, and beyond all bins that of a positive row."""
    bins = len(edges) + 1
    return f"({place('score', edges)} + CASE WHEN {is_positive(join)} THEN {bins} ELSE 0 END)"


def is_positive(join: LabelJoin) -> str:
    """SQL of whether the label is the positive class."""
    return f"label = {literal(join.positive)}"


def place(value: str, edges: Sequence[float]) -> str:
    """SQL of how many of the increasing `edges` are below `value`, by halving.

    >>> place("x", [0.5])
    'CASE WHEN x <= 0.5 THEN 0 WHEN x > 0.5 THEN 1 END'
    >>> place("x", [])
    'CASE WHEN x IS NOT NULL THEN 0 END'
    """
    if not edges:
        return f"CASE WHEN {value} IS NOT NULL THEN 0 END"
    return _halved(value, list(edges), 0)


def _halved(value: str, edges: list[float], first: int) -> str:
    if not edges:
        return str(first)
    middle = len(edges) // 2
    low = _halved(value, edges[:middle], first)
    high = _halved(value, edges[middle + 1 :], first + middle + 1)
    edge = repr(edges[middle])
    return f"CASE WHEN {value} <= {edge} THEN {low} WHEN {value} > {edge} THEN {high} END"


def _right(join: LabelJoin) -> str:
    if join.task is Task.MULTICLASS:
        return "predicted = label"
    if join.prediction:
        return f"(predicted = {literal(join.positive)}) = ({is_positive(join)})"
    if join.score and join.threshold is not None:
        return f"(score >= {join.threshold!r}) = ({is_positive(join)})"
    return "NULL::BOOLEAN"
