"""Scores that judges or people gave, of the table that was joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.types import category
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.ratings import Ratings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
    from monitoring_pipelines.backends.duckdb.log import Log

MAX_JUDGES = 50


def judge_of(join: LabelJoin, columns: Mapping[str, str]) -> str:
    """SQL of who gave a score."""
    name = str(join.judge)
    return category(identifier(name), columns[name])


def rate_scores(log: Log, join: LabelJoin) -> dict[str, dict[str, Any]]:
    """Ratings by segment, from the table ``joined``."""
    found = log.query(
        "SELECT segment, count(label), avg(label), var_pop(label) * count(label), min(label), "
        "max(label) FROM joined WHERE label IS NOT NULL AND segment IS NOT NULL GROUP BY segment"
    )
    judges: dict[str, dict[str, int]] = {}
    if join.judge:
        for segment, judge, n in log.query(
            "SELECT segment, judge, count(*) AS n FROM joined WHERE label IS NOT NULL "
            "AND judge IS NOT NULL AND segment IS NOT NULL GROUP BY 1, 2 "
            "QUALIFY row_number() OVER (PARTITION BY segment ORDER BY n DESC, judge) "
            f"<= {MAX_JUDGES}"
        ):
            judges.setdefault(segment, {})[str(judge)] = int(n)
    return {
        segment: {"ratings": Ratings(Moments(*moments), judges.get(segment, {}))}
        for segment, *moments in found
    }
