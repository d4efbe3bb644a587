"""Labelled rows by the rank of the true class, how sure the model was, and label issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.backends.duckdb.connection import literal
from monitoring_pipelines.summaries.ranked import Ranked
from monitoring_pipelines.summaries.score_table import ScoreTable

if TYPE_CHECKING:
    from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
    from monitoring_pipelines.backends.duckdb.log import Log


def count_ranks(log: Log, join: LabelJoin) -> dict[str, Ranked]:
    """Counts by segment, of the table `joined`; none if the model logs no probabilities.

    A row without a label or decision, without a probability of each class, or whose label has no
    probability, is not counted. A row is *confidently* of class j [1]_ if its probability of j is
    at least the mean probability of j over the rows labelled j, and the greatest of those; it is a
    label issue if j is not its label.

    References
    ----------
    .. [1] C. G. Northcutt, L. Jiang and I. L. Chuang, "Confident learning: estimating uncertainty
       in dataset labels", J. Artif. Intell. Res. 70, 1373-1411, 2021. doi:10.1613/jair.1.12125
    """
    names = sorted(join.proba)
    if len(names) < 2 or not join.prediction:  # noqa: PLR2004 - of one class there is no rank
        return {}
    log.query(f"CREATE OR REPLACE TEMP TABLE ranked AS {_rows(join, names)}")
    try:
        return _counted(log, len(names))
    finally:
        log.connection.execute("DROP TABLE IF EXISTS ranked")


def _rows(join: LabelJoin, names: list[str]) -> str:
    """SELECT of ``segment, label, rank, sure, right_, confident``; classes are numbers from 1."""
    places = {name: place for place, name in enumerate(join.proba)}
    values = ", ".join(f"proba{places[name]}" for name in names)
    classes = ", ".join(literal(name) for name in names)
    place = "list_position(names, {})"
    return f"""
    WITH shaped AS (
        SELECT segment, {place.format("label")} AS label, {place.format("predicted")} AS decided, p
        FROM (SELECT *, [{classes}] AS names, [{values}] AS p FROM joined)
        WHERE segment IS NOT NULL AND label IS NOT NULL AND predicted IS NOT NULL
        AND list_count(p) = {len(names)}),
    known AS (SELECT * FROM shaped WHERE label IS NOT NULL AND decided IS NOT NULL),
    least AS (
        SELECT segment, map(list(label), list(mean)) AS least FROM (
            SELECT segment, label, fsum(p[label]) / count(*) AS mean FROM known GROUP BY ALL)
        GROUP BY segment)
    SELECT segment, label, p[decided] AS sure, decided = label AS right_,
        len(list_filter(p, lambda x, i: x > p[label] OR (x = p[label] AND i > label))) AS rank,
        list_transform(p, lambda x, i: CASE WHEN x >= least[i] THEN x ELSE -1 END) AS enough
    FROM known JOIN least USING (segment)"""


def _counted(log: Log, n_classes: int) -> dict[str, Ranked]:
    ranks = log.query(
        "SELECT segment, rank, count(*), count(*) FILTER (list_max(enough) >= 0 "
        "AND list_position(enough, list_max(enough)) <> label) FROM ranked GROUP BY 1, 2"
    )
    sure = log.query(
        "SELECT segment, sure, count(*) FILTER (NOT right_), count(*) FILTER (right_) "
        "FROM ranked GROUP BY 1, 2 ORDER BY 1, 2"
    )
    found = {}
    for segment in dict.fromkeys(row[0] for row in ranks):
        counts, issues = np.zeros(n_classes, dtype=np.int64), 0
        for _, rank, n, n_issues in (row for row in ranks if row[0] == segment):
            counts[rank] += n
            issues += n_issues
        table = np.array([row[1:] for row in sure if row[0] == segment], dtype=np.float64)
        wrong, right = table[:, 1].astype(np.int64), table[:, 2].astype(np.int64)
        found[str(segment)] = Ranked(counts, ScoreTable(table[:, 0], wrong, right), int(issues))
    return found
