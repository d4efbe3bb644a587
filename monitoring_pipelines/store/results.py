"""Judged numbers, written whole per window and read back."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.governance.proof import instant, row_hash, row_text, rows_hash, subject
from monitoring_pipelines.store import evidence, schema
from monitoring_pipelines.store.locks import exclusive
from monitoring_pipelines.store.text import storable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

TABLE = schema.results
NUMBERS = (
    "value",
    "low",
    "high",
    "reference_value",
    "noise_floor",
    "tolerance",
    "label_coverage",
)
TEXTS = (
    "model",
    "segment",
    "metric",
    "column",
    "reason",
    "model_version",
    "config_hash",
    "code_version",
    "run_id",
)
# what one number is about; `as_of` and `status` tell its versions apart
SUBJECT = (
    TABLE.c.model,
    TABLE.c.window_start,
    TABLE.c.window_end,
    TABLE.c.segment,
    TABLE.c.metric,
    TABLE.c.column,
)
IS_ESTIMATE = TABLE.c.status == Status.ESTIMATED


MAX_FAILED = 50


def replace(  # noqa: PLR0913 - each says what is replaced, or what it was made from
    connection: sa.Connection,
    results: Sequence[Result],
    *,
    model: str,
    window: Window,
    metrics: Collection[str],
    as_of: datetime,
    estimated: bool = False,
    inputs: Mapping[str, str] | None = None,
) -> None:
    """Store what is known of `metrics` in `window` at `as_of`, in place of what was stored.

    All rows of these metrics go, of every segment and column, so a column that is no longer
    monitored leaves nothing behind. Rows of another `as_of` are history and stay, and so do
    estimates, unless it is them that are stored (`estimated`). Doing it again changes nothing; of
    two transactions that do it at once the later one wins whole. One transaction may write any
    number of windows, but only of one model (see `locks.exclusive`). A record of the evidence chain
    vouches for what is stored, and for what is not any more; `inputs` are versions of the data that
    it was made from, by the name of the source.
    """
    _require(results, model, window, metrics, as_of)
    exclusive(connection, f"model:{model}")
    gone = connection.execute(
        sa.delete(TABLE)
        .where(
            TABLE.c.model == storable(model),
            TABLE.c.window_start == window.start,
            TABLE.c.window_end == window.end,
            TABLE.c.as_of == as_of,
            IS_ESTIMATE if estimated else ~IS_ESTIMATE,
            TABLE.c.metric.in_([storable(metric) for metric in metrics]),
        )
        .returning(TABLE.c.metric, TABLE.c.status)
    )
    rows, replaced = [_row(result) for result in results], {subject(*row) for row in gone}
    if rows:
        connection.execute(sa.insert(TABLE), rows)
    if rows or replaced:
        fields = {
            "window": [instant(window.start), instant(window.end)],
            "as_of": instant(as_of),
            "inputs": dict(sorted((inputs or {}).items())),
        }
        evidence.append(
            connection, evidence.RESULTS, storable(model), {**fields, **vouching(rows, replaced)}
        )


def vouching(rows: Sequence[Mapping[str, Any]], replaced: Collection[str]) -> dict[str, Any]:
    """What the record says of `rows`: a hash per metric, and what one can read without them.

    `replaced` had rows before; of those without any now it says so. A segment
    holds a value of the data and a record cannot be erased, so segments stand in the hashes only.
    """
    by_metric: dict[str, list[str]] = {about: [] for about in replaced}
    for row in rows:
        about = subject(row["metric"], row["status"])
        by_metric.setdefault(about, []).append(row_hash(row_text(row)))
    failed = sorted({(r["metric"], r["column"]) for r in rows if r["verdict"] == Verdict.FAIL})
    counts = Counter(row["verdict"] for row in rows)
    return {
        # a list, since the name of a check may be any text
        "rows": [[m, len(hashes), rows_hash(hashes)] for m, hashes in sorted(by_metric.items())],
        "verdicts": dict(sorted(counts.items())),
        "failed": [[*pair] for pair in failed[:MAX_FAILED]],
        **{
            name: sorted({row[column] for row in rows})
            for name, column in (
                ("config", "config_hash"),
                ("code", "code_version"),
                ("run", "run_id"),
                ("versions", "model_version"),
            )
        },
    }


def read(  # noqa: PLR0913 - each is a column to filter by
    connection: sa.Connection,
    *,
    model: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    metric: str | None = None,
    column: str | None = None,
    segment: str | None = None,
    status: Status | None = None,
    latest: bool = True,
) -> list[Result]:
    """Results of the windows that start in ``[start, end)``.

    They are ordered by model, window, metric, column and segment. Windows come back in UTC. With
    `latest` only the version of each number that counts is given (see `that_count`), otherwise its
    whole history, oldest first. None does not filter; `column` and `segment` are empty strings for
    the whole window and for all rows.
    """
    wanted = {"model": model, "metric": metric, "column": column, "segment": segment}
    wanted["status"] = status
    clauses = [TABLE.c[name] == storable(text) for name, text in wanted.items() if text is not None]
    if start is not None:
        clauses.append(TABLE.c.window_start >= start)
    if end is not None:
        clauses.append(TABLE.c.window_start < end)
    query = that_count(*clauses) if latest else sa.select(TABLE).where(*clauses)
    found = [result_of(row) for row in connection.execute(query).mappings()]
    # not in SQL, where the order of text depends on the server's language
    return sorted(found, key=_order)


def warned(
    connection: sa.Connection, model: str, metrics: Collection[str]
) -> dict[tuple[str, str], set[datetime]]:
    """Starts of the windows that a metric of a column warned in, by metric and column."""
    query = sa.select(TABLE.c.metric, TABLE.c.column, TABLE.c.window_start).where(
        TABLE.c.model == storable(model),
        TABLE.c.verdict == Verdict.WARN,
        TABLE.c.metric.in_([storable(metric) for metric in metrics]),
    )
    found: dict[tuple[str, str], set[datetime]] = {}
    for metric, column, start in connection.execute(query):
        found.setdefault((metric, column), set()).add(start)
    return found


def that_count(*clauses: sa.ColumnElement[bool], narrow: bool = False) -> sa.Select[Any]:
    """Select the one version of each number that counts, of the rows that `clauses` leave.

    It is the newest realised one. If that could not be judged (no labels yet, or too few), an
    estimate that could be counts in its place, so that early labels do not hide it. A `narrow` one
    has only what a number is about and its verdict, which is much faster to count.
    """
    columns = (*SUBJECT, TABLE.c.status, TABLE.c.verdict) if narrow else tuple(TABLE.c)
    newest = sa.func.row_number().over(
        partition_by=[*SUBJECT, IS_ESTIMATE], order_by=TABLE.c.as_of.desc()
    )
    last = sa.select(*columns, newest.label("age")).where(*clauses).subquery()
    judged_last = sa.case((last.c.verdict == Verdict.UNKNOWN, 2), else_=0)
    realised_first = sa.case((last.c.status == Status.ESTIMATED, 1), else_=0)
    place = sa.func.row_number().over(
        partition_by=[last.c[column.name] for column in SUBJECT],
        order_by=judged_last + realised_first,
    )
    ranked = sa.select(last, place.label("place")).where(last.c.age == 1).subquery()
    return sa.select(*(ranked.c[column.name] for column in columns)).where(ranked.c.place == 1)


def told_by(connection: sa.Connection, model: str, run_id: str) -> bool:
    """Whether a run stored a failed verdict before it failed itself."""
    mine = (TABLE.c.model == storable(model)) & (TABLE.c.run_id == storable(run_id))
    query = sa.select(TABLE.c.metric).where(mine, TABLE.c.verdict == Verdict.FAIL).limit(1)
    return connection.execute(query).first() is not None


def _require(
    results: Sequence[Result],
    model: str,
    window: Window,
    metrics: Collection[str],
    as_of: datetime,
) -> None:
    for result in results:
        if (result.model, result.window.utc, result.as_of) != (model, window.utc, as_of):
            msg = f"{result.metric} is not of {model}, {window}, as of {as_of}: {result}"
            raise ValueError(msg)
        if result.metric not in metrics:
            msg = f"metric '{result.metric}' would be stored but not replaced: {sorted(metrics)}"
            raise ValueError(msg)


def _order(result: Result) -> tuple[object, ...]:
    subject = (result.metric, result.column, result.segment)
    return (result.model, result.window, *subject, result.as_of)


def stored_rows(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Every row with all its columns, a window after the other; few are in memory at once."""
    ordered = sa.select(TABLE).order_by(*TABLE.primary_key.columns)
    for row in connection.execute(ordered, execution_options={"yield_per": 1_000}).mappings():
        yield dict(row)


def _row(result: Result) -> dict[str, Any]:
    return {
        "window_start": result.window.start,
        "window_end": result.window.end,
        "as_of": result.as_of,
        "n": int(result.n),
        "verdict": result.verdict.value,
        "status": result.status.value,
        **{name: storable(getattr(result, name)) for name in TEXTS},
        **{name: _finite(getattr(result, name)) for name in NUMBERS},
    }


def _finite(value: float | None) -> float | None:
    """A plain float, or NULL for what neither database compares well."""
    return None if value is None or not math.isfinite(value) else float(value)


def result_of(row: sa.RowMapping) -> Result:
    """The result that a row of the table holds; what else the row has is left out."""
    fields = {column.name: row[column.name] for column in TABLE.c}
    window = Window(fields.pop("window_start"), fields.pop("window_end"))
    verdict, status = Verdict(fields.pop("verdict")), Status(fields.pop("status"))
    return Result(window=window, verdict=verdict, status=status, **fields)
