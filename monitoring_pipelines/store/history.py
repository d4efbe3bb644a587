"""The recent verdicts that incidents are made of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.alerts.explanation import EXPLAINING
from monitoring_pipelines.alerts.triage import Fingerprint, fingerprint
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.store.results import result_of, that_count
from monitoring_pipelines.store.schema import results

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from monitoring_pipelines.alerts.cause import Cause
    from monitoring_pipelines.domain.result import Result

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
    """A window that was evaluated several times counts once, see `that_count`."""
    found: dict[Fingerprint, list[Result]] = {f: [] for f in sorted(suspects)}
    identity = [results.c[name] for name in _IDENTITY]
    counting = that_count(
        results.c.model == suspects[0].model,
        results.c.window_start.between(since, until),
        sa.tuple_(*identity).in_([(f.segment, f.metric, f.column) for f in suspects]),
    )
    rows = connection.execute(counting.order_by(*(sa.column(name) for name in _WINDOW)))
    for row in rows.mappings():
        result = result_of(row)
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
    return [result_of(row) for row in connection.execute(query).mappings()]
