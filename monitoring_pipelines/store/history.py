"""The recent verdicts that incidents are made of."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from monitoring_pipelines.alerts.triage import Fingerprint, fingerprint
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence, Window
from monitoring_pipelines.store.schema import results

if TYPE_CHECKING:
    from datetime import datetime

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


def horizon(connection: sa.Connection, model: str, cadence: Cadence) -> datetime | None:
    """Start of the history that counts: about `WINDOWS` windows; None without any result."""
    newest = connection.scalar(
        sa.select(sa.func.max(results.c.window_start)).where(results.c.model == model)
    )
    return newest - WINDOWS * LENGTH[cadence] if newest else None


def failed(
    connection: sa.Connection, model: str, since: datetime
) -> dict[Fingerprint, list[Result]]:
    """Results since then of every condition that ever failed, one per window, oldest first.

    A window that was evaluated several times counts with its last evaluation. A condition that
    never failed cannot fire, and most never do, so their rows are not read.
    """
    recent = (results.c.model == model) & (results.c.window_start >= since)
    identity = [results.c[name] for name in _IDENTITY]
    suspects = (
        sa.select(*identity).where(recent, results.c.verdict == Verdict.FAIL).distinct().subquery()
    )
    window = [results.c[name] for name in _WINDOW]
    age = sa.func.row_number().over(
        partition_by=[*window, *identity], order_by=results.c.as_of.desc()
    )
    ranked = (
        sa.select(results, age.label("age"))
        .join(suspects, sa.and_(*(results.c[n] == suspects.c[n] for n in _IDENTITY)))
        .where(recent)
        .subquery()
    )
    rows = connection.execute(
        sa.select(ranked).where(ranked.c.age == 1).order_by(*(ranked.c[n] for n in _WINDOW))
    )
    found: dict[Fingerprint, list[Result]] = {}
    for row in rows.mappings():
        result = _result(row)
        found.setdefault(fingerprint(result), []).append(result)
    return found


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
