"""What the rules of governance need to know of the stored results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.store.schema import conditions, incident_events, results
from monitoring_pipelines.store.text import storable

if TYPE_CHECKING:
    from datetime import datetime

VOLUME = "volume"


def first_judged(connection: sa.Connection, model: str) -> datetime | None:
    """Start of the first window that was ever judged."""
    query = sa.select(sa.func.min(results.c.window_start)).where(*_volume(model))
    found: datetime | None = connection.scalar(query)
    return found


def judged(connection: sa.Connection, model: str, start: datetime, end: datetime) -> set[datetime]:
    """Starts of the judged windows in ``[start, end)``."""
    query = sa.select(results.c.window_start).where(
        *_volume(model), results.c.window_start >= start, results.c.window_start < end
    )
    return {*connection.execute(query.distinct()).scalars()}


def oldest_with_rows(connection: sa.Connection, model: str, since: datetime) -> Window | None:
    """The first window from `since` on that had predictions when it was judged."""
    query = (
        sa.select(results.c.window_start, results.c.window_end)
        .where(*_volume(model), results.c.value > 0, results.c.window_start >= since)
        .order_by(results.c.window_start)
        .limit(1)
    )
    row = connection.execute(query).first()
    return Window(*row) if row else None


def last_prediction(connection: sa.Connection, model: str, until: datetime) -> datetime | None:
    """End of the newest window with a prediction that ended by `until`."""
    query = sa.select(sa.func.max(results.c.window_end)).where(
        *_volume(model), results.c.value > 0, results.c.window_end <= until
    )
    found: datetime | None = connection.scalar(query)
    return found


def firing(connection: sa.Connection, model: str) -> list[tuple[str, str, str, datetime]]:
    """Metric, column and severity of every condition that fires, and since when people know it.

    That is the moment its incident was opened, not the window: a history that is computed today
    is not late.
    """
    known = (
        sa.select(incident_events.c.incident_id, sa.func.max(incident_events.c.at).label("since"))
        .where(incident_events.c.type.in_(["opened", "reopened"]))
        .group_by(incident_events.c.incident_id)
        .subquery()
    )
    query = (
        sa.select(conditions.c.metric, conditions.c.column, conditions.c.severity, known.c.since)
        .join(known, known.c.incident_id == conditions.c.incident_id)
        .where(conditions.c.model == storable(model))
    )
    return [tuple(row) for row in connection.execute(query)]


def _volume(model: str) -> tuple[sa.ColumnElement[bool], ...]:
    return results.c.model == storable(model), results.c.metric == VOLUME
