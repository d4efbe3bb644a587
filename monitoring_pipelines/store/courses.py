"""A period of one model, counted in the database where rows would be too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.store.results import TABLE, result_of, that_count
from monitoring_pipelines.store.text import storable

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from monitoring_pipelines.domain.result import Result

    Period = tuple[datetime, datetime]

# so many columns are asked for at once: databases limit the variables of a statement
MAX_COLUMNS = 200


class Count(NamedTuple):
    """`n` results of a metric with one verdict in one window."""

    window: Window
    metric: str
    verdict: Verdict
    n: int


def counts(connection: sa.Connection, model: str, period: Period) -> list[Count]:
    """Verdicts that count of the windows that start in ``[start, end)``, by window and metric."""
    mine = _of(model, period)
    # of what never changed there is one row: to look for the one that counts takes long
    is_version = (TABLE.c.as_of != TABLE.c.window_end) | (TABLE.c.status != Status.FINAL)
    changing = [*connection.scalars(sa.select(TABLE.c.metric).distinct().where(*mine, is_version))]
    last = that_count(*mine, TABLE.c.metric.in_(changing), narrow=True).subquery()
    wanted = ("window_start", "window_end", "metric", "verdict")
    either = sa.union_all(
        sa.select(*(last.c[name] for name in wanted)),
        sa.select(*(TABLE.c[name] for name in wanted)).where(
            *mine, TABLE.c.metric.not_in(changing)
        ),
    ).subquery()
    names = [either.c[name] for name in wanted]
    n = sa.func.count().label("n")
    query = sa.select(*names, n).group_by(*names).order_by(*names)
    windows: dict[tuple[datetime, datetime], Window] = {}
    found = []
    for row in connection.execute(query).mappings():
        start, end = row["window_start"], row["window_end"]
        window = windows.setdefault((start, end), Window(start, end))
        found.append(Count(window, row["metric"], Verdict(row["verdict"]), row["n"]))
    return found


def windows_with(
    connection: sa.Connection, model: str, period: Period, metrics: Collection[str]
) -> dict[str, int]:
    """In how many windows one of `metrics` warned or failed, by column."""
    query = (
        sa.select(TABLE.c.column, sa.func.count(sa.distinct(TABLE.c.window_start)))
        .where(
            *_of(model, period),
            TABLE.c.verdict.in_([Verdict.WARN, Verdict.FAIL]),
            TABLE.c.metric.in_(sorted(metrics)),
            TABLE.c.segment == "",
        )
        .group_by(TABLE.c.column)
    )
    return {column: n for column, n in connection.execute(query)}  # noqa: C416 - rows are no pairs


def courses(
    connection: sa.Connection,
    model: str,
    period: Period,
    metrics: Collection[str],
    columns: Collection[str],
) -> list[Result]:
    """Results of some columns that count, of all rows, oldest window first."""
    query = that_count(
        *_of(model, period),
        TABLE.c.metric.in_(sorted(metrics)),
        TABLE.c.column.in_([storable(name) for name in sorted(columns)[:MAX_COLUMNS]]),
        TABLE.c.segment == "",
    )
    found = [result_of(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda r: (r.window, r.metric, r.column))


def newest_settled(
    connection: sa.Connection, model: str, period: Period, metric: str
) -> Window | None:
    """The newest window in which a metric of all rows was judged without an estimate."""
    query = (
        sa.select(TABLE.c.window_start, TABLE.c.window_end)
        .where(
            *_of(model, period),
            TABLE.c.metric == metric,
            TABLE.c.segment == "",
            TABLE.c.column == "",
            TABLE.c.status != Status.ESTIMATED,
            TABLE.c.verdict != Verdict.UNKNOWN,
        )
        .order_by(TABLE.c.window_start.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return Window(*row) if row else None


def _of(model: str, period: Period) -> tuple[sa.ColumnElement[bool], ...]:
    start, end = period
    return (
        TABLE.c.model == storable(model),
        TABLE.c.window_start >= start,
        TABLE.c.window_start < end,
    )
