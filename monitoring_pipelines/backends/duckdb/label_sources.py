"""Labels that arrived, by who gave them; names of sources do not leave the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.backends.duckdb.types import category, number

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.backends.duckdb.log import Log
    from monitoring_pipelines.backends.duckdb.rows import Rows

MIN_LABELS = 20  # of one source, and of the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where a label, its source and the decision that it is about stand.

    A binary model without a `prediction` decides for `positive` from `threshold` of its score on.
    """

    source: str
    label: str
    label_id: str
    prediction_id: str
    prediction: str | None = None
    score: str | None = None
    positive: str = "1"
    threshold: float = 0.5


class Worst(NamedTuple):
    """The source that contradicts the model most: `bad` of its `n` labels; and of all others."""

    bad: int
    n: int
    others_bad: int
    others: int
    n_sources: int


def disagreement(labels: Rows, predictions: Log, told: Told, since: datetime) -> Worst | None:
    """The source that contradicts the model more than all others do, by most.

    Of sources with twenty labels; None with fewer than two sources. Predictions before `since` are
    not looked at.
    """
    assert predictions.time is not None  # noqa: S101 - of a prediction log
    wrong = _wrong(labels.log, predictions, told)
    if wrong is None:
        return None
    found = labels.log.query(
        f"SELECT count({wrong}), count(*) FILTER ({wrong}) FROM ({labels.statement}) AS l "
        f"JOIN {predictions.view} AS p ON l.{identifier(told.label_id)}::VARCHAR = "
        f"p.{identifier(told.prediction_id)}::VARCHAR WHERE {predictions.time.instant()} >= ? "
        f"AND l.{identifier(told.source)} IS NOT NULL GROUP BY l.{identifier(told.source)}",
        [since],
    )
    n, all_bad = sum(row[0] for row in found), sum(row[1] for row in found)
    enough = [
        Worst(int(bad), int(of), int(all_bad - bad), int(n - of), len(found))
        for of, bad in found
        if of >= MIN_LABELS and n - of >= MIN_LABELS
    ]
    return max(enough, key=lambda one: one.bad / one.n - one.others_bad / one.others, default=None)


def _wrong(labels: Log, predictions: Log, told: Told) -> str | None:
    """SQL of whether a label contradicts the decision, NULL if one of them is missing."""
    label = category(f"l.{identifier(told.label)}", labels.columns[told.label])
    columns = predictions.columns
    if told.prediction is not None:
        decided = category(f"p.{identifier(told.prediction)}", columns[told.prediction])
        return f"({label} <> {decided})"
    if told.score is None:
        return None
    score = number(f"p.{identifier(told.score)}", columns[told.score])
    return f"(({label} = {literal(told.positive)}) <> ({score} >= {told.threshold!r}))"
