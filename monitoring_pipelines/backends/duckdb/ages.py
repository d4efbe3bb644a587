"""Ages at which labels came, counted per class of the table that was joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.backends.duckdb.connection import literal
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.summaries.label_ages import BINS, LabelAges

if TYPE_CHECKING:
    from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
    from monitoring_pipelines.backends.duckdb.log import Log


def count_ages(log: Log, join: LabelJoin) -> dict[str, LabelAges]:
    """Ages by segment, from the table ``joined``; none of numbers or without arrival times."""
    if log.time is None or join.task.has_number_labels or not join.maturity:
        return {}
    name = "label"
    if join.task is Task.BINARY:
        name = f"CASE WHEN label = {literal(join.positive)} THEN 'positive' ELSE 'negative' END"
    found = log.query(
        f"SELECT segment, {name} AS name, {age_bin(join, 'available_at')} AS place, count(*) "
        "FROM joined WHERE label IS NOT NULL AND available_at IS NOT NULL AND made_at IS NOT NULL "
        "AND segment IS NOT NULL GROUP BY 1, 2, 3"
    )
    counts: dict[str, dict[str, np.ndarray]] = {}
    for segment, label, place, n in found:
        part = counts.setdefault(segment, {})
        part.setdefault(label, np.zeros(BINS + 1, dtype=np.int64))[int(place)] += n
    unit = unit_of(join)
    return {
        segment: LabelAges(unit, {label: part[label] for label in sorted(part)})
        for segment, part in counts.items()
    }


def unit_of(join: LabelJoin) -> float:
    """Seconds of one age bin."""
    return join.maturity.total_seconds() / BINS


def age_bin(join: LabelJoin, moment: str) -> str:
    """SQL of the age bin of a row at `moment`, an SQL expression; before its time it is young."""
    age = f"(epoch({moment}) - epoch(made_at)) / {unit_of(join)!r}"
    return f"greatest(0, least({BINS}, floor({age})))::INTEGER"
