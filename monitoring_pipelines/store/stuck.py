"""What does not get through: messages that were given up, destinations that have to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.alerts.op import ATTACHED, Op
from monitoring_pipelines.store.outbox import WAITING, Delivery
from monitoring_pipelines.store.schema import destinations, outbox

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

COLUMNS = (
    "id", "state", "destination", "incident_id", "op", "attempts", "created_at", "next_at",
    "last_error",
)  # fmt: skip


# after so many tries, each later than the one before, an outage has lasted a quarter of an hour
TRIES = 9


class Blocked(NamedTuple):
    """A destination that somebody has to mend, or that is out of reach; `n` messages wait."""

    destination: str
    since: datetime
    error: str
    n: int


class Retried(NamedTuple):
    """How many messages are tried again, and how many are out of date by now."""

    again: int
    outdated: int


def blocked(connection: sa.Connection) -> list[Blocked]:
    """Destinations that cannot be reached until somebody mends them, or for long."""
    there = (outbox.c.destination == destinations.c.destination) & outbox.c.state.in_(WAITING)
    is_blocked = destinations.c.state == Delivery.BLOCKED
    columns = [destinations.c[name] for name in ("destination", "state", "since", "error")]
    query = (
        sa.select(
            destinations.c.destination,
            sa.case((is_blocked, destinations.c.since), else_=sa.func.min(outbox.c.created_at)),
            sa.func.coalesce(destinations.c.error, sa.func.max(outbox.c.last_error)),
            sa.func.count(outbox.c.id),
        )
        .select_from(destinations.outerjoin(outbox, there))
        .group_by(*columns)
        .having(is_blocked | (sa.func.max(outbox.c.attempts) >= TRIES))
        .order_by(destinations.c.destination)
    )
    return [Blocked(*row) for row in connection.execute(query)]


def is_out_of_reach(destination: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether something has been tried in vain for a quarter of an hour there."""
    tried = outbox.alias("tried")
    return sa.exists().where(
        tried.c.destination == destination,
        tried.c.state.in_(WAITING),
        tried.c.attempts >= TRIES,
    )


def unsent(connection: sa.Connection) -> list[dict[str, Any]]:
    """Messages that wait or were given up, oldest first, without their words."""
    columns = [outbox.c[name] for name in COLUMNS]
    states = outbox.c.state.in_([*WAITING, Delivery.DEAD])
    rows = connection.execute(sa.select(*columns).where(states).order_by(outbox.c.id))
    return [dict(row) for row in rows.mappings()]


def retry(connection: sa.Connection, now: datetime, ids: Collection[int] = ()) -> Retried:
    """Try what was given up once more, all or some, and probe blocked destinations at once.

    Words that newer ones have replaced at their destination are not said any more.
    """
    given_up = outbox.c.state == Delivery.DEAD
    if ids:
        given_up &= outbox.c.id.in_(ids)
    newer = outbox.alias("newer")
    is_replaced = sa.exists().where(
        newer.c.incident_id == outbox.c.incident_id,
        newer.c.destination == outbox.c.destination,
        newer.c.seq > outbox.c.seq,
        newer.c.op.not_in([*ATTACHED, Op.NOTE]),
        newer.c.state != Delivery.SUPERSEDED,
    )
    is_words = outbox.c.op.in_([Op.OPEN, Op.UPDATE, Op.RESOLVE])
    outdated = connection.execute(
        outbox.update().where(given_up, is_words, is_replaced).values(state=Delivery.SUPERSEDED)
    )
    again = connection.execute(
        outbox.update()
        .where(given_up)
        # its age counts from now on; whether it was taken the last time is still looked up
        .values(state=Delivery.READY, attempts=0, created_at=now, next_at=now)
    )
    connection.execute(
        destinations.update().where(destinations.c.state == Delivery.BLOCKED).values(next_probe=now)
    )
    return Retried(again.rowcount, outdated.rowcount)
