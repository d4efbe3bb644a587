"""Predictions joined with the labels that were known at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_pipelines.backends.duckdb.ages import count_ages
from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.backends.duckdb.ranked import count_ranks
from monitoring_pipelines.backends.duckdb.ratings import judge_of, rate_scores
from monitoring_pipelines.backends.duckdb.selections import group
from monitoring_pipelines.backends.duckdb.types import category, family, number
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.residuals import Residuals
from monitoring_pipelines.summaries.score_table import ScoreTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.backends.duckdb.log import Log, TimeColumn
    from monitoring_pipelines.backends.duckdb.rows import Rows

MAX_SEGMENTS = 50
MAX_CLASSES = 200
# a name that no log has
JOIN_ID = '"monitoring_pipelines id"'


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelJoin:
    """How predictions find their labels and what is read from both.

    `labels` is None if the label stands in the prediction log itself, where `available` may tell
    when it came. `threshold` turns the score of a binary model into a decision if it logs none;
    `judge` is the column that tells who gave a score. The ages of labels are counted up to
    `maturity`, and not at all if that is zero.
    """

    task: Task
    label: str
    labels: Log | None = None
    available: TimeColumn | None = None
    prediction_id: str | None = None
    label_id: str | None = None
    score: str | None = None
    prediction: str | None = None
    proba: Mapping[str, str] = field(default_factory=dict)
    positive: str = "1"
    threshold: float | None = None
    judge: str | None = None
    maturity: timedelta = timedelta(0)


def summarise_labelled(
    rows: Rows,
    join: LabelJoin,
    as_of: datetime,
    segment_column: str | None = None,
    grouping: tuple[str, ...] = (),
) -> dict[str, LabelledSummary]:
    """Summary per value of `segment_column` or per group of a `grouping`, or one under "" for all.

    Labels that arrived after `as_of` are not seen. Of several labels of one id the newest one
    counts; of several that arrived together the greatest, so that the answer does not depend on
    the order of rows.
    """
    segment = segment_of(rows, segment_column)
    if grouping and not segment_column:
        segment = group(grouping, rows.log.columns, "p.")
    statement = joined_rows(rows, join, as_of, [f"{segment} AS segment"])
    connection = rows.log.connection
    rows.log.query(f"CREATE OR REPLACE TEMP TABLE joined AS {statement}")
    try:
        counts = rows.log.query(
            "SELECT segment, count(*), count(label), max(available_at) FILTER (label IS NOT NULL) "
            "FROM joined WHERE segment IS NOT NULL GROUP BY segment "
            f"ORDER BY count(*) DESC, segment LIMIT {MAX_SEGMENTS}"
        )
        read = {Task.BINARY: _binary, Task.MULTICLASS: _multiclass, Task.REGRESSION: _regression}
        found = read.get(join.task, rate_scores)(rows.log, join)
        ages = count_ages(rows.log, join)
        ranks = count_ranks(rows.log, join)
        return {
            segment: LabelledSummary(
                n_rows,
                n_labelled,
                **found.get(segment, {}),
                ages=ages.get(segment),
                ranked=ranks.get(segment),
                last_available=_utc(last),
            )
            for segment, n_rows, n_labelled, last in counts
        } or ({} if segment_column or grouping else {"": LabelledSummary(0, 0)})
    finally:
        connection.execute("DROP TABLE IF EXISTS joined")


def segment_of(rows: Rows, column: str | None) -> str:
    """SQL of the segment of row ``p``: its value of `column`, or one for all rows."""
    if column is None:
        return "''"
    return category(f"p.{identifier(column)}", rows.log.columns[column])


def joined_rows(rows: Rows, join: LabelJoin, as_of: datetime, fields: Sequence[str]) -> str:
    """SELECT of one row per prediction: `fields`, in which the prediction log is called ``p``.

    Then come ``label, available_at, score, predicted, proba…`` and, of a log with a time,
    ``made_at``.
    """
    columns, fields = rows.log.columns, [*fields]
    source = f"({rows.statement}) AS p"
    if join.labels is None:
        label, available = own_label(join, columns, as_of)
        fields += [f"{label} AS label", f"{available} AS available_at"]
        fields += [f"{judge_of(join, columns)} AS judge"] if join.judge else []
    else:
        fields += ["l.label AS label", "l.available_at AS available_at"]
        fields += ["l.judge AS judge"] if join.judge else []
        source = f"(SELECT *, {ids(rows, join)[0]} AS {JOIN_ID} FROM ({rows.statement})) AS p"
        source += f" LEFT JOIN ({known_labels(join, rows, as_of)}) AS l ON p.{JOIN_ID} = l.id"
    fields += outputs(join, columns)
    if rows.log.time is not None:
        fields.append(f"{rows.log.time.instant(f'p.{identifier(rows.log.time.name)}')} AS made_at")
    return f"SELECT {', '.join(fields)} FROM {source}"


def outputs(join: LabelJoin, columns: Mapping[str, str]) -> list[str]:
    """SQL of what the model said of row ``p``: ``score, predicted, proba…``."""
    fields, regression = [], join.task is Task.REGRESSION
    if join.score:
        fields.append(f"{number(f'p.{identifier(join.score)}', columns[join.score])} AS score")
    if join.prediction:
        name, dtype = f"p.{identifier(join.prediction)}", columns[join.prediction]
        fields.append(
            f"{number(name, dtype) if regression else category(name, dtype)} AS predicted"
        )
    for i, name in enumerate(join.proba.values()):
        fields.append(f"{number(f'p.{identifier(name)}', columns[name])} AS proba{i}")
    return fields


def ids(rows: Rows, join: LabelJoin) -> tuple[str, str]:
    """SQL of the id in both logs; as one text if they type it differently (7, 7.0 and '7')."""
    assert join.labels is not None  # noqa: S101 - only called with a label table
    ours, theirs = str(join.prediction_id), str(join.label_id)
    types = rows.log.columns[ours], join.labels.columns[theirs]
    if family(types[0]) == family(types[1]):
        return identifier(ours), identifier(theirs)
    return category(identifier(ours), types[0]), category(identifier(theirs), types[1])


def own_label(join: LabelJoin, columns: Mapping[str, str], as_of: datetime) -> tuple[str, str]:
    """SQL of label and arrival where the label stands beside the prediction."""
    label = _label(join, columns[join.label])
    if join.available is None:
        return label, "NULL::TIMESTAMPTZ"
    available = join.available.instant()
    return f"CASE WHEN {available} <= {sql_moment(as_of)} THEN {label} END", available


def known_labels(join: LabelJoin, rows: Rows, as_of: datetime) -> str:
    """SELECT of ``id, label, available_at``: per id the newest label known at `as_of`.

    A label that is NULL, NaN or (in a regression) no number is none.
    """
    labels = join.labels
    assert labels is not None  # noqa: S101 - only called with a label table
    label = _label(join, labels.columns[join.label])
    ours, theirs = ids(rows, join)
    known, available, newest = "true", "NULL::TIMESTAMPTZ", "max(label)"
    judge = f", {judge_of(join, labels.columns)} AS judge" if join.judge else ""
    if labels.time is not None:
        available = labels.time.instant()
        known = f"available_at <= {sql_moment(as_of)}"
        newest = "arg_max(label, row(available_at, label))"
    by = f", {newest.replace('(label', '(judge', 1)} AS judge" if judge else ""
    return (
        f"SELECT id, {newest} AS label, max(available_at) AS available_at{by} "
        f"FROM (SELECT {theirs} AS id, {label} AS label, {available} AS available_at{judge} "
        f"FROM {labels.view}) WHERE label IS NOT NULL AND {known} "
        f"AND id IN (SELECT {ours} FROM ({rows.statement})) GROUP BY 1"
    )


def _label(join: LabelJoin, dtype: str) -> str:
    name = identifier(join.label)
    return number(name, dtype) if join.task.has_number_labels else category(name, dtype)


def sql_moment(as_of: datetime) -> str:
    """SQL of an instant."""
    return f"TIMESTAMPTZ '{as_of.astimezone(UTC).isoformat(sep=' ')}'"


def _binary(log: Log, join: LabelJoin) -> dict[str, dict[str, Any]]:
    positive, decided = literal(join.positive), decision(join)
    score = "score" if join.score else "NULL::DOUBLE"
    found = log.arrays(
        f"SELECT segment, {score} AS score, (label = {positive})::INTEGER AS label, "
        f"{decided} AS decided, count(*) AS n FROM joined "
        "WHERE label IS NOT NULL AND segment IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    parts = {}
    segments = np.ma.filled(found["segment"].astype(object), "")
    for segment in dict.fromkeys(segments.tolist()):
        at = segments == segment
        part = {name: np.ma.asarray(values)[at] for name, values in found.items()}
        parts[str(segment)] = {"scores": _score_table(part), "confusion": _binary_confusion(part)}
    return parts


def decision(join: LabelJoin) -> str:
    """SQL of a binary model's decision: 1 for the positive class, NULL if there is none."""
    if join.prediction:
        return f"(predicted = {literal(join.positive)})::INTEGER"
    if join.threshold is not None:
        return f"(score >= {join.threshold!r})::INTEGER"
    return "NULL::INTEGER"


def _score_table(part: dict[str, Any]) -> ScoreTable | None:
    known = ~np.ma.getmaskarray(part["score"])
    if not known.any():
        return None
    scores = np.ma.getdata(part["score"])[known].astype(np.float64)
    label = np.ma.getdata(part["label"])[known]
    n = np.ma.getdata(part["n"])[known].astype(np.int64)
    unique, place = np.unique(scores, return_inverse=True)
    counts = np.zeros((2, len(unique)), dtype=np.int64)
    np.add.at(counts, (label, place), n)
    return ScoreTable(unique, counts[0], counts[1])


def _binary_confusion(part: dict[str, Any]) -> Confusion | None:
    known = ~np.ma.getmaskarray(part["decided"])
    if not known.any():
        return None
    counts = np.zeros((2, 2), dtype=np.int64)
    label = np.ma.getdata(part["label"])[known]
    decided = np.ma.getdata(part["decided"])[known]
    np.add.at(counts, (label, decided), np.ma.getdata(part["n"])[known].astype(np.int64))
    return Confusion(("negative", "positive"), counts)


def _multiclass(log: Log, join: LabelJoin) -> dict[str, dict[str, Any]]:
    cells = log.query(
        "SELECT segment, label, predicted, count(*) FROM joined WHERE label IS NOT NULL "
        "AND predicted IS NOT NULL AND segment IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    classes = sorted({row[1] for row in cells} | {row[2] for row in cells} | {*join.proba})
    if len(classes) > MAX_CLASSES:
        raise ConfigError(
            f"'{join.label}' and '{join.prediction}' have {len(classes)} classes, more than "
            f"{MAX_CLASSES}: is the task a regression, or one of them an identifier?"
        )
    parts: dict[str, dict[str, Any]] = {}
    for segment, label, predicted, n in cells:
        part = parts.setdefault(segment, {"counts": np.zeros((len(classes),) * 2, dtype=np.int64)})
        part["counts"][classes.index(label), classes.index(predicted)] = n
    return {
        segment: {
            "confusion": Confusion(tuple(classes), part["counts"]),
            "class_scores": _class_scores(log, join, segment),
        }
        for segment, part in parts.items()
    }


def _class_scores(log: Log, join: LabelJoin, segment: str) -> dict[str, ScoreTable]:
    tables = {}
    for i, name in enumerate(join.proba):
        found = log.arrays(
            f"SELECT proba{i} AS score, (label = ?)::INTEGER AS label, count(*) AS n "
            f"FROM joined WHERE label IS NOT NULL AND segment = ? AND proba{i} IS NOT NULL "
            "GROUP BY 1, 2",
            [name, segment],
        )
        table = _score_table(found)
        if table is not None:
            tables[name] = table
    return tables


def _regression(log: Log, join: LabelJoin) -> dict[str, dict[str, Any]]:
    del join
    found = log.query(
        """
        SELECT segment, count(*), fsum(e), fsum(abs(e)), fsum(e * e), fsum(e * e * e * e),
               fsum(y - centre), fsum((y - centre) * (y - centre)),
               fsum(r), fsum(r * r), count(l), coalesce(fsum(l * l), 0),
               coalesce(fsum(l * l * l * l), 0), any_value(centre)
        FROM (SELECT segment, label AS y, predicted - label AS e,
                     abs(predicted - label) / greatest(abs(label), 2.220446049250313e-16) AS r,
                     CASE WHEN label > -1 AND predicted > -1
                          THEN ln(1 + predicted) - ln(1 + label) END AS l,
                     avg(label) OVER (PARTITION BY segment) AS centre
              FROM joined WHERE label IS NOT NULL AND predicted IS NOT NULL
                            AND segment IS NOT NULL)
        GROUP BY segment
        """
    )
    return {segment: {"residuals": Residuals(*sums)} for segment, *sums in found}


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
