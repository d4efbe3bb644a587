"""Messages on their way: written with the decision, claimed, sent once, kept until they are sent.

::

    ready ──claim──> inflight ──sent──> sent
      ^                 ├──not taken, later──> ready
      │                 ├──nobody knows──> inflight until the lease is over, then looked up
      └──probe works─── ├──configuration──> blocked
                        └──12 tries or 7 days──> dead
    a newer edit makes an older one that waits `superseded`
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.alerts.op import CALLS, Op
from monitoring_pipelines.store.locks import exclusive
from monitoring_pipelines.store.schema import destinations, messages, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LEASE = timedelta(seconds=60)
PROBE = timedelta(minutes=15)
MAX_AGE = timedelta(days=7)
MAX_ATTEMPTS = 12
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 900.0


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

    `called_at` is when people are last called by one; None if all of them were dropped.
    """

    seq: int
    op: Op
    payload: dict[str, Any]
    called_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message that this process alone may send until `lease_until`.

    `unsure_since` is set if an earlier attempt may have been taken by the service.
    """

    id: int
    idem: str
    incident: str
    destination: str
    op: Op
    payload: dict[str, Any]
    attempts: int
    owner: str
    created_at: datetime
    unsure_since: datetime | None


def told(connection: sa.Connection, incident: str) -> dict[str, Told]:
    """What was queued last for every destination that ever heard of `incident`, or will."""
    rows = connection.execute(
        sa.select(outbox).where(outbox.c.incident_id == incident).order_by(outbox.c.seq)
    ).mappings()
    found: dict[str, Told] = {}
    for row in rows:
        known = found.get(row["destination"], Told(0, Op(row["op"]), {}))
        if row["state"] == Delivery.SUPERSEDED or row["op"] == Op.EVIDENCE:
            said = known._replace(seq=row["seq"])
        else:
            is_call = row["op"] in CALLS
            called_at = (row["sent_at"] or row["next_at"]) if is_call else known.called_at
            said = Told(row["seq"], Op(row["op"]), row["payload"], called_at)
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
        heard = mine & (outbox.c.op != Op.EVIDENCE) & (outbox.c.state != Delivery.SUPERSEDED)
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


def claim(
    connection: sa.Connection, services: Iterable[str], owner: str, now: datetime
) -> Claim | None:
    """Take the oldest message that is due and that nothing earlier of its incident waits before.

    `services` are the prefixes of the destinations that this process can reach.
    """
    if connection.dialect.name == "sqlite":
        exclusive(connection, "outbox")
    while (row := connection.execute(_due(list(services), now)).mappings().first()) is not None:
        taken = connection.execute(
            outbox.update()
            # the number of attempts is the version of the row: two claimers cannot both match it
            .where(
                outbox.c.id == row["id"],
                outbox.c.state == row["state"],
                outbox.c.attempts == row["attempts"],
            )
            .values(
                state=Delivery.INFLIGHT,
                attempts=row["attempts"] + 1,
                sent_from=row["sent_from"] or now,
                lease_owner=owner,
                lease_until=now + LEASE,
            )
        )
        if taken.rowcount == 1:
            _probe(connection, row["destination"], now)
            return Claim(
                id=row["id"],
                idem=row["idem"],
                incident=row["incident_id"],
                destination=row["destination"],
                op=Op(row["op"]),
                payload=row["payload"],
                attempts=row["attempts"] + 1,
                owner=owner,
                created_at=row["created_at"],
                unsure_since=row["sent_from"],
            )
    return None


def _due(services: list[str], now: datetime) -> sa.Select[Any]:
    before = outbox.alias("before")
    waits_for_another = sa.exists().where(
        before.c.incident_id == outbox.c.incident_id,
        before.c.destination == outbox.c.destination,
        before.c.seq < outbox.c.seq,
        before.c.state.in_(WAITING),
    )
    idle = outbox.c.state.in_([Delivery.READY, Delivery.BLOCKED]) & (outbox.c.next_at <= now)
    left = (outbox.c.state == Delivery.INFLIGHT) & (outbox.c.lease_until <= now)
    is_blocked = (destinations.c.state == Delivery.BLOCKED) & (destinations.c.next_probe > now)
    reachable = sa.or_(
        sa.false(), *(outbox.c.destination.startswith(f"{s}:", autoescape=True) for s in services)
    )
    return (
        sa.select(outbox)
        .outerjoin(destinations, destinations.c.destination == outbox.c.destination)
        .where(reachable, idle | left, ~sa.func.coalesce(is_blocked, sa.false()))
        .where(~waits_for_another)
        .order_by(outbox.c.next_at, outbox.c.id)
        .limit(1)
    )


def _probe(connection: sa.Connection, destination: str, now: datetime) -> None:
    """One message tries a blocked destination; the others wait for what it finds."""
    connection.execute(
        destinations.update()
        .where(destinations.c.destination == destination, destinations.c.state == Delivery.BLOCKED)
        .values(next_probe=now + PROBE)
    )


def sent(
    connection: sa.Connection, claimed: Claim, root: tuple[str, str] | None, now: datetime
) -> None:
    """It arrived: remember where its root ``(channel, ts)`` stands; its destination works."""
    if not _finish(connection, claimed, state=Delivery.SENT, sent_at=now, last_error=None):
        return
    forget_place(connection, claimed)
    if root is not None:
        channel, ts = root
        connection.execute(
            messages.insert().values(
                incident_id=claimed.incident,
                destination=claimed.destination,
                channel=channel,
                ts=ts,
            )
        )
    connection.execute(
        destinations.delete().where(destinations.c.destination == claimed.destination)
    )
    connection.execute(
        outbox.update()
        .where(_there(claimed), outbox.c.state == Delivery.BLOCKED)
        .values(state=Delivery.READY, next_at=now)
    )


def later(
    connection: sa.Connection, claimed: Claim, error: str, after_s: float | None, now: datetime
) -> None:
    """It was not taken: try again, later each time, or when the service asked to."""
    if _is_exhausted(claimed, now):
        bury(connection, claimed, error)
        return
    wait = after_s or min(FIRST_WAIT_S * 2.0 ** (claimed.attempts - 1), LONGEST_WAIT_S)
    due = now + timedelta(seconds=wait)
    _finish(
        connection,
        claimed,
        state=Delivery.READY,
        next_at=due,
        # an earlier attempt that nobody knows of still has to be looked up
        sent_from=claimed.unsure_since,
        last_error=error,
    )
    if after_s:
        # the service limits the channel, not the message
        connection.execute(
            outbox.update()
            .where(_there(claimed), outbox.c.state == Delivery.READY, outbox.c.next_at < due)
            .values(next_at=due)
        )


def unsure(connection: sa.Connection, claimed: Claim, error: str, now: datetime) -> None:
    """It may have been taken: keep the lease, so that it is looked up when it is over."""
    if _is_exhausted(claimed, now):
        bury(connection, claimed, error)
        return
    connection.execute(outbox.update().where(_mine(claimed)).values(last_error=error))


def block(connection: sa.Connection, claimed: Claim, error: str, now: datetime) -> None:
    """Somebody has to mend the destination: all its messages wait and one probes."""
    exclusive(connection, claimed.destination)
    if now - claimed.created_at > MAX_AGE:
        bury(connection, claimed, error)
        return
    # a probe is no attempt: a channel may be mended after days
    _finish(
        connection,
        claimed,
        state=Delivery.BLOCKED,
        attempts=claimed.attempts - 1,
        sent_from=claimed.unsure_since,
        last_error=error,
    )
    here = destinations.c.destination == claimed.destination
    since = connection.scalar(sa.select(destinations.c.since).where(here))
    connection.execute(destinations.delete().where(here))
    connection.execute(
        destinations.insert().values(
            destination=claimed.destination,
            state=Delivery.BLOCKED,
            since=since or now,
            error=error,
            next_probe=now + PROBE,
        )
    )
    connection.execute(
        outbox.update()
        .where(_there(claimed), outbox.c.state == Delivery.READY)
        .values(state=Delivery.BLOCKED)
    )


def bury(connection: sa.Connection, claimed: Claim, error: str) -> None:
    """Give up on it, visibly."""
    _finish(connection, claimed, state=Delivery.DEAD, last_error=error)


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


def place(connection: sa.Connection, claimed: Claim) -> tuple[str, str] | None:
    """Channel and time stamp of the incident's message at this destination."""
    row = connection.execute(
        sa.select(messages.c.channel, messages.c.ts).where(*_message(claimed))
    ).first()
    return (row.channel, row.ts) if row else None


def forget_place(connection: sa.Connection, claimed: Claim) -> None:
    """The incident's message is not there any more."""
    connection.execute(messages.delete().where(*_message(claimed)))


def _is_exhausted(claimed: Claim, now: datetime) -> bool:
    return claimed.attempts >= MAX_ATTEMPTS or now - claimed.created_at > MAX_AGE


def _message(claimed: Claim) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (
        messages.c.incident_id == claimed.incident,
        messages.c.destination == claimed.destination,
    )


def _there(claimed: Claim) -> sa.ColumnElement[bool]:
    return outbox.c.destination == claimed.destination


def _mine(claimed: Claim) -> sa.ColumnElement[bool]:
    # after a lapsed lease somebody else may have claimed it; what we know is then out of date
    return (
        (outbox.c.id == claimed.id)
        & (outbox.c.attempts == claimed.attempts)
        & (outbox.c.lease_owner == claimed.owner)
    )


def _finish(connection: sa.Connection, claimed: Claim, **values: Any) -> bool:
    """Write what became of it; False if the lease was lost meanwhile."""
    done = connection.execute(
        outbox.update().where(_mine(claimed)).values(**values, lease_owner=None, lease_until=None)
    )
    return done.rowcount == 1
