"""The table `results`: replaced window by window, read newest first where labels changed it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.store.database import lock
from monitoring_pipelines.store.schema import results

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

_KEY = ("model", "window_start", "window_end", "segment", "metric", "column")


def replace(
    connection: sa.Connection,
    rows: Sequence[Result],
    *,
    model: str,
    window: Window,
    metrics: Collection[str],
    as_of: datetime,
) -> None:
    """Put `rows` in the place of all that the window has of `metrics` as of this moment.

    Numbers of the same window as of another moment stay: they are the history of a number whose
    labels were still coming. Two processes that write one window wait for each other.
    """
    lock(connection, f"{model} {window.start.isoformat()}")
    connection.execute(
        sa.delete(results).where(
            results.c.model == model,
            results.c.window_start == window.start,
            results.c.window_end == window.end,
            results.c.metric.in_(sorted(metrics)),
            results.c.as_of == as_of,
        )
    )
    if rows:
        connection.execute(sa.insert(results), [_row(result) for result in rows])


def read(
    connection: sa.Connection,
    *,
    model: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    latest: bool = True,
    **equal: str | None,
) -> list[Result]:
    """Results of windows that start in ``[start, end)``, oldest window first.

    `equal` are further columns (``metric, column, segment, verdict``) with the value to have;
    None does not restrict. With `latest` only the newest `as_of` of each number is given.
    """
    table: Any = results
    if latest:
        newest = sa.func.row_number().over(
            partition_by=[results.c[name] for name in _KEY], order_by=results.c.as_of.desc()
        )
        inner = _restricted(sa.select(results, newest.label("place")), results, model, start, end)
        table = inner.subquery()
    names = [column.name for column in results.columns]
    statement = sa.select(*(table.c[name] for name in names))
    if latest:
        statement = statement.where(table.c.place == 1)
    else:
        statement = _restricted(statement, table, model, start, end)
    for name, value in equal.items():
        if value is not None:
            statement = statement.where(table.c[name] == value)
    order = ("model", "window_start", "metric", "column", "segment", "as_of")
    found = connection.execute(statement.order_by(*(table.c[name] for name in order)))
    return [_result(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name


def _restricted(
    statement: Any, table: Any, model: str | None, start: datetime | None, end: datetime | None
) -> Any:
    if model is not None:
        statement = statement.where(table.c.model == model)
    if start is not None:
        statement = statement.where(table.c.window_start >= start)
    if end is not None:
        statement = statement.where(table.c.window_start < end)
    return statement


def _row(result: Result) -> dict[str, Any]:
    values = {field.name: getattr(result, field.name) for field in fields(result)}
    window = values.pop("window")
    values |= {"verdict": result.verdict.value, "status": result.status.value}
    return {"window_start": window.start, "window_end": window.end, **values}


def _result(row: Any) -> Result:
    values = dict(row)
    window = Window(values.pop("window_start"), values.pop("window_end"))
    verdict, status = Verdict(values.pop("verdict")), Status(values.pop("status"))
    return Result(window=window, verdict=verdict, status=status, **values)
