"""What a model said in a window, counted per distinct score; no label is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_pipelines.backends.duckdb.ages import age_bin
from monitoring_pipelines.backends.duckdb.labelled import (
    MAX_SEGMENTS,
    decision,
    joined_rows,
    outputs,
    segment_of,
    sql_moment,
)
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.summaries.predicted import PredictedSummary, ScoreCounts

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
    from monitoring_pipelines.backends.duckdb.log import Log
    from monitoring_pipelines.backends.duckdb.rows import Rows

# above so many rows scores are counted to four decimals, as those of the reference are
EXACT_ROWS, DECIMALS = 50_000, 4
BINARY_CLASSES = ("negative", "positive")


def summarise_predicted(
    rows: Rows, join: LabelJoin, segment_column: str | None = None
) -> dict[str, PredictedSummary]:
    """Summary per value of `segment_column`, or one under "" for all rows."""
    segment = segment_of(rows, segment_column)
    fields = ", ".join([f"{segment} AS segment", *outputs(join, rows.log.columns)])
    rows.log.query(
        f"CREATE OR REPLACE TEMP TABLE said AS SELECT {fields} FROM ({rows.statement}) AS p"
    )
    try:
        counts = rows.log.query(
            "SELECT segment, count(*) FROM said WHERE segment IS NOT NULL GROUP BY segment "
            f"ORDER BY count(*) DESC, segment LIMIT {MAX_SEGMENTS}"
        )
        return {segment: _summary(rows.log, join, segment, n) for segment, n in counts} or (
            {"": PredictedSummary(0)} if segment_column is None else {}
        )
    finally:
        rows.log.connection.execute("DROP TABLE IF EXISTS said")


def summarise_waiting(
    rows: Rows, join: LabelJoin, as_of: datetime, segment_column: str | None = None
) -> dict[str, dict[int, PredictedSummary]]:
    """Predictions without a label at `as_of`, by segment and by their age bin (see `LabelAges`)."""
    if rows.log.time is None or not join.maturity:
        return {}
    place = age_bin(join, sql_moment(as_of))
    fields = [f"{segment_of(rows, segment_column)} AS segment"]
    joined = joined_rows(rows, join, as_of, fields)
    rows.log.query(
        f"CREATE OR REPLACE TEMP TABLE waiting AS SELECT *, {place} AS place FROM ({joined}) "
        "WHERE label IS NULL AND made_at IS NOT NULL AND segment IS NOT NULL"
    )
    found: dict[str, dict[int, PredictedSummary]] = {}
    try:
        counts = rows.log.query(
            "SELECT segment, place, count(*) FROM waiting GROUP BY 1, 2 ORDER BY 1, 2"
        )
        for segment, age, n in counts:
            rows.log.query(
                "CREATE OR REPLACE TEMP VIEW said AS "
                f"SELECT * FROM waiting WHERE place = {int(age)}"
            )
            found.setdefault(segment, {})[int(age)] = _summary(rows.log, join, segment, n)
        return found
    finally:
        rows.log.connection.execute("DROP VIEW IF EXISTS said")
        rows.log.connection.execute("DROP TABLE IF EXISTS waiting")


def _summary(log: Log, join: LabelJoin, segment: str, n_rows: int) -> PredictedSummary:
    if join.task is Task.BINARY and join.score:
        names = " ".join(f"WHEN {i} THEN '{name}'" for i, name in enumerate(BINARY_CLASSES))
        decided = f"CASE {decision(join)} {names} END"
        score = _score("score", n_rows)
        return PredictedSummary(n_rows, _counts(log, segment, score, decided, BINARY_CLASSES))
    if join.task is Task.MULTICLASS and join.proba:
        found = log.query(
            "SELECT DISTINCT predicted FROM said WHERE predicted IS NOT NULL "
            "AND segment = ? ORDER BY 1",
            [segment],
        )
        classes = tuple(row[0] for row in found)
        tables = {
            name: _counts(log, segment, _score(f"proba{i}", n_rows), "predicted", classes)
            for i, name in enumerate(join.proba)
        }
        known = {name: table for name, table in tables.items() if table is not None}
        return PredictedSummary(n_rows, class_scores=known)
    return PredictedSummary(n_rows)


def _score(name: str, n_rows: int) -> str:
    """SQL of a score. A calibrator tells no finer steps apart, and a million of them cost much."""
    return f"round({name}, {DECIMALS})" if n_rows > EXACT_ROWS else name


def _counts(
    log: Log, segment: str, score: str, decided: str, classes: tuple[str, ...]
) -> ScoreCounts | None:
    found = log.arrays(
        f"SELECT {score} AS score, count(*) AS n, "
        f"coalesce(list_position(?::VARCHAR[], {decided}), 0) - 1 AS place "
        f"FROM said WHERE segment = ? AND {score} IS NOT NULL GROUP BY 1, 3",
        [list(classes), segment],
    )
    if not len(found["n"]):
        return None
    scores, at = np.unique(_plain(found["score"], np.float64), return_inverse=True)
    decided_as, n = _plain(found["place"], np.int64), _plain(found["n"], np.int64)
    return ScoreCounts(scores, classes, at.astype(np.int64), decided_as, n)


def _plain(values: Any, dtype: Any) -> Any:
    return np.ma.getdata(np.ma.asarray(values)).astype(dtype)
