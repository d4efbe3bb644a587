"""The recent verdicts that incidents are made of."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.alerts.explanation import EXPLAINING
from monitoring_pipelines.alerts.triage import Fingerprint, fingerprint
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence, Window
from monitoring_pipelines.store.schema import results

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from monitoring_pipelines.alerts.cause import Cause

WINDOWS = 200
LENGTH = {
    Cadence.HOUR: timedelta(hours=1),
    Cadence.DAY: timedelta(days=1),
    Cadence.WEEK: timedelta(weeks=1),
    Cadence.MONTH: timedelta(days=31),
    Cadence.YEAR: timedelta(days=366),
}
_WINDOW = ("window_start", "window_end")
_IDENTITY = ("segment", "metric", "column")
_STORED = [field.name for field in fields(Result) if field.name != "window"]


class History(NamedTuple):
    """Results of all conditions of one cause that failed since `since`, oldest window first."""

    since: datetime
    results: dict[Fingerprint, list[Result]]


def histories(connection: sa.Connection, model: str, cadence: Cadence) -> dict[Cause, History]:
    """What incidents of a model are made of; a cause that never failed is left out.

    It reaches from about `WINDOWS` windows before the newest failed one of that cause to as many
    after it. Counting from there, and not from today, also finds a model whose labels come a year
    later. A condition that never failed cannot fire, and most never do, so they are not read.
    """
    span = WINDOWS * LENGTH[cadence]
    last = _last_failures(connection, model)
    found = {}
    for cause in sorted({f.cause for f in last}):
        newest = max(window for f, window in last.items() if f.cause is cause)
        since = newest - span
        suspects = [f for f, window in last.items() if f.cause is cause and window >= since]
        found[cause] = History(since, _read(connection, suspects, since, newest + span))
    return found


def _last_failures(connection: sa.Connection, model: str) -> dict[Fingerprint, datetime]:
    """Start of the newest window that failed, for every condition that ever did."""
    identity = [results.c[name] for name in _IDENTITY]
    rows = connection.execute(
        sa.select(*identity, sa.func.max(results.c.window_start).label("newest"))
        .where(results.c.model == model, results.c.verdict == Verdict.FAIL)
        .group_by(*identity)
    )
    last = {Fingerprint(model, r.segment, r.metric, r.column): r.newest for r in rows}
    return {f: newest for f, newest in last.items() if f.pages}


def _read(
    connection: sa.Connection, suspects: Sequence[Fingerprint], since: datetime, until: datetime
) -> dict[Fingerprint, list[Result]]:
    """A window that was evaluated several times counts with its last evaluation."""
    found: dict[Fingerprint, list[Result]] = {f: [] for f in sorted(suspects)}
    window = [results.c[name] for name in _WINDOW]
    identity = [results.c[name] for name in _IDENTITY]
    age = sa.func.row_number().over(
        partition_by=[*window, *identity], order_by=results.c.as_of.desc()
    )
    ranked = (
        sa.select(results, age.label("age"))
        .where(
            results.c.model == suspects[0].model,
            results.c.window_start.between(since, until),
            sa.tuple_(*identity).in_([(f.segment, f.metric, f.column) for f in suspects]),
        )
        .subquery()
    )
    rows = connection.execute(
        sa.select(ranked).where(ranked.c.age == 1).order_by(*(ranked.c[n] for n in _WINDOW))
    )
    for row in rows.mappings():
        result = _result(row)
        found[fingerprint(result)].append(result)
    return found


def explaining(
    connection: sa.Connection, model: str, windows: Collection[datetime]
) -> list[Result]:
    """What explains the performance in the windows that start at these moments, all versions."""
    query = sa.select(results).where(
        results.c.model == model,
        results.c.window_start.in_(sorted(windows)),
        results.c.metric.in_(sorted(EXPLAINING)),
    )
    return [_result(row) for row in connection.execute(query).mappings()]


def _result(row: sa.RowMapping) -> Result:
    values = {name: row[name] for name in _STORED}
    return Result(
        **values
        | {
            "window": Window(row["window_start"], row["window_end"]),
            "verdict": Verdict(row["verdict"]),
            "status": Status(row["status"]),
        }
    )
