"""What happened to all models in a period, counted in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.store.results import that_count
from monitoring_pipelines.store.schema import incident_events, incidents, outbox, results

if TYPE_CHECKING:
    from datetime import datetime

    Period = tuple[datetime, datetime]


class Count(NamedTuple):
    """`n` results of one model and metric with one verdict."""

    model: str
    metric: str
    verdict: str
    n: int


def verdicts(connection: sa.Connection, period: Period) -> list[Count]:
    """Results that count of what became known in ``(start, end]``: late labels when they came."""
    start, end = period
    counting = that_count(results.c.as_of > start, results.c.as_of <= end).subquery()
    names = (counting.c.model, counting.c.metric, counting.c.verdict)
    query = sa.select(*names, sa.func.count()).group_by(*names)
    return [Count(*row) for row in connection.execute(query.order_by(*names))]


def newest_windows(connection: sa.Connection) -> dict[str, datetime]:
    """End of the newest window with any result, by model."""
    query = sa.select(results.c.model, sa.func.max(results.c.window_end)).group_by(results.c.model)
    return {model: end for model, end in connection.execute(query)}  # noqa: C416 - rows are no pairs


def events(connection: sa.Connection, period: Period) -> list[dict[str, Any]]:
    """What happened to incidents in ``(start, end]``, oldest first."""
    start, end = period
    query = (
        sa.select(incident_events, incidents.c.model, incidents.c.cause)
        .join(incidents, incidents.c.id == incident_events.c.incident_id)
        .where(incident_events.c.at > start, incident_events.c.at <= end)
        .order_by(incident_events.c.at, incident_events.c.incident_id, incident_events.c.seq)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def open_incidents(connection: sa.Connection) -> list[dict[str, Any]]:
    """Incidents that are not over, oldest first."""
    query = sa.select(incidents).where(incidents.c.state == "open")
    rows = connection.execute(query.order_by(incidents.c.opened_window, incidents.c.id))
    return [dict(row) for row in rows.mappings()]


def n_sent(connection: sa.Connection, period: Period) -> int:
    """Messages that were sent in ``(start, end]``."""
    start, end = period
    query = sa.select(sa.func.count()).where(outbox.c.sent_at > start, outbox.c.sent_at <= end)
    return int(connection.scalar(query) or 0)
