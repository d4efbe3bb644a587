"""Messages on their way: written with the decision, claimed, sent once, kept until they are sent.

::

    ready ──claim──> inflight ──sent──> sent
      ^                 ├──not taken, later──> ready
      │                 ├──nobody knows──> inflight until the lease is over, then looked up
      └──probe works─── ├──configuration──> blocked
                        └──12 tries or 7 days──> dead
    a newer edit makes an older one that waits `superseded`

Here is what decides and what looks; `store.sending` claims and says what became of it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.alerts.op import ATTACHED, CALLS, Op
from monitoring_pipelines.store.schema import outbox

if TYPE_CHECKING:
    from datetime import datetime


class Delivery(StrEnum):
    """Where a message is on its way."""

    READY = "ready"
    INFLIGHT = "inflight"
    BLOCKED = "blocked"
    SENT = "sent"
    SUPERSEDED = "superseded"
    DEAD = "dead"


WAITING = (Delivery.READY, Delivery.INFLIGHT, Delivery.BLOCKED)


class Told(NamedTuple):
    """The newest message about an incident that is or will be said at a destination.

    `called_at` is when people are last called by one; None if all of them were dropped. `under`
    is the incident in whose thread it is said, if it is not said on its own.
    """

    seq: int
    op: Op
    payload: dict[str, Any]
    called_at: datetime | None = None
    under: str | None = None


def told(connection: sa.Connection, incident: str) -> dict[str, Told]:
    """What was queued last for every destination that ever heard of `incident`, or will."""
    rows = connection.execute(
        sa.select(outbox).where(outbox.c.incident_id == incident).order_by(outbox.c.seq)
    ).mappings()
    found: dict[str, Told] = {}
    for row in rows:
        known = found.get(row["destination"], Told(0, Op(row["op"]), {}))
        if row["state"] == Delivery.SUPERSEDED or row["op"] in ATTACHED:
            said = known._replace(seq=row["seq"])
        else:
            is_call = row["op"] in CALLS
            called_at = (row["sent_at"] or row["next_at"]) if is_call else known.called_at
            said = Told(row["seq"], Op(row["op"]), row["payload"], called_at, row["under"])
        found[row["destination"]] = said
    return found


def enqueue(
    connection: sa.Connection,
    incident: str,
    destination: str,
    said: Told,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """Queue a message that is not said before a moment, if one is given.

    An edit takes the place of earlier edits that nobody has tried to send, and of the words of a
    first message that nobody has tried to send.
    """
    mine = (outbox.c.incident_id == incident) & (outbox.c.destination == destination)
    idle = outbox.c.state.in_([Delivery.READY, Delivery.BLOCKED]) & outbox.c.sent_from.is_(None)
    if said.op is Op.UPDATE:
        heard = mine & outbox.c.op.not_in(ATTACHED) & (outbox.c.state != Delivery.SUPERSEDED)
        rows = connection.execute(sa.select(outbox).where(heard)).mappings().all()
        if [row["op"] for row in rows] == [Op.OPEN] and not rows[0]["attempts"]:
            words = {**said.payload, "mentions": rows[0]["payload"].get("mentions", [])}
            unsaid = (outbox.c.id == rows[0]["id"]) & idle & (outbox.c.attempts == 0)
            if connection.execute(outbox.update().where(unsaid).values(payload=words)).rowcount:
                return
    if said.op.is_edit:
        edits = outbox.c.op.in_([op for op in Op if op.is_edit])
        connection.execute(
            outbox.update().where(mine, idle, edits).values(state=Delivery.SUPERSEDED)
        )
    connection.execute(
        outbox.insert().values(
            idem=f"{incident}:{destination}:{said.op}:{said.seq}",
            incident_id=incident,
            destination=destination,
            op=said.op,
            seq=said.seq,
            under=said.under,
            payload=said.payload,
            state=Delivery.READY,
            attempts=0,
            created_at=now,
            next_at=not_before or now,
        )
    )


def cancel_held(connection: sa.Connection, incident: str, destination: str, now: datetime) -> bool:
    """Drop everything of an incident whose first message still waits for its time."""
    mine = (outbox.c.incident_id == incident) & (outbox.c.destination == destination)
    unsaid = mine & (outbox.c.state == Delivery.READY) & (outbox.c.attempts == 0)
    held = sa.select(outbox.c.id).where(unsaid, outbox.c.op == Op.OPEN, outbox.c.next_at > now)
    if connection.execute(held).first() is None:
        return False
    connection.execute(outbox.update().where(unsaid).values(state=Delivery.SUPERSEDED))
    return True


def pending(connection: sa.Connection) -> list[dict[str, Any]]:
    """What has not been said yet, oldest first."""
    columns = [outbox.c[name] for name in ("incident_id", "destination", "op", "state", "attempts")]
    query = sa.select(*columns, outbox.c.last_error, outbox.c.payload)
    rows = connection.execute(query.where(outbox.c.state.in_(WAITING)).order_by(outbox.c.id))
    return [dict(row) for row in rows.mappings()]


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many messages are in each state."""
    rows = connection.execute(sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state))
    return {state: count for state, count in rows}  # noqa: C416 - rows are no pairs for mypy
