"""Many models with one kind of trouble at once: told in one thread, not one by one.

What breaks many models at a time (a warehouse, a source, a credential) opens an incident in each of
them. The first few are told as always; the others in the thread of the oldest, which says how many
they are.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.store.outbox import Delivery
from monitoring_pipelines.store.schema import incidents, outbox

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.alerts.cause import Cause

# so many models may have the same kind of trouble by chance
ALONE = 3
# a storm is over when no further model has joined it for so long
CALM = timedelta(minutes=15)


def storm(
    connection: sa.Connection, destination: str, cause: Cause, model: str, now: datetime
) -> str | None:
    """Incident in whose thread a new one of `model` is told; None if it stands on its own.

    That is the oldest open one of this cause that other models were given a message of their own
    for, once `ALONE` of them have been told within `CALM` of each other and of `now`.
    """
    query = (
        sa.select(outbox.c.incident_id, outbox.c.under, outbox.c.created_at)
        .join(incidents, incidents.c.id == outbox.c.incident_id)
        .where(
            outbox.c.destination == destination,
            outbox.c.op == Op.OPEN,
            outbox.c.state.not_in([Delivery.SUPERSEDED, Delivery.DEAD]),
            incidents.c.cause == cause,
            incidents.c.model != model,
            incidents.c.resolved_window.is_(None),
        )
        .order_by(outbox.c.created_at.desc(), outbox.c.id.desc())
    )
    joined, last, root = 0, now, None
    for incident, under, at in connection.execute(query):
        if last - at > CALM:
            break
        joined, last = joined + 1, at
        root = root if under else incident
    return root if joined >= ALONE else None


def crowd(connection: sa.Connection, incident: str, destination: str) -> int:
    """How many other incidents were told in the thread of this one."""
    found: int | None = connection.scalar(
        sa.select(sa.func.count(outbox.c.incident_id.distinct())).where(
            outbox.c.under == incident,
            outbox.c.destination == destination,
            outbox.c.op == Op.OPEN,
            outbox.c.state != Delivery.SUPERSEDED,
        )
    )
    return found or 0
