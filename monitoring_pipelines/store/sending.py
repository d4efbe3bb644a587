"""The way of a message out of the outbox: claimed by one process, and what became of it.

Two messages never reach a destination closer together than its pace, whoever sends them: a claim
takes the destination's turn, and the next one is free a little later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.store.locks import exclusive
from monitoring_pipelines.store.outbox import WAITING, Delivery
from monitoring_pipelines.store.schema import UtcDateTime, destinations, messages, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    Pace = Mapping[str, timedelta]
    Place = tuple[str, str, str | None]

LEASE = timedelta(seconds=60)
PROBE = timedelta(minutes=15)
MAX_AGE = timedelta(days=7)
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 900.0
# so long a message waits for the one that it is to stand under, if nothing of that is on its way
PATIENCE = timedelta(hours=1)


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
    seq: int
    under: str | None
    payload: dict[str, Any]
    attempts: int
    owner: str
    created_at: datetime
    unsure_since: datetime | None


def waiting_at(connection: sa.Connection) -> set[str]:
    """Destinations that something waits for."""
    query = sa.select(outbox.c.destination).where(outbox.c.state.in_(WAITING)).distinct()
    return {*connection.scalars(query)}


def claim(connection: sa.Connection, pace: Pace, owner: str, now: datetime) -> Claim | None:
    """Take the oldest message that is due and that nothing earlier of its incident waits before.

    `pace` are the destinations that this process can reach, each with the least time between two
    messages.
    """
    while (row := connection.execute(_NEXT, _at(pace, now)).mappings().first()) is not None:
        if not _take_turn(connection, row["destination"], pace[row["destination"]], now):
            continue  # somebody else sends there at this moment
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
            return Claim(
                id=row["id"],
                idem=row["idem"],
                incident=row["incident_id"],
                destination=row["destination"],
                op=Op(row["op"]),
                seq=row["seq"],
                under=row["under"],
                payload=row["payload"],
                attempts=row["attempts"] + 1,
                owner=owner,
                created_at=row["created_at"],
                unsure_since=row["sent_from"],
            )
    return None


def next_turn(connection: sa.Connection, pace: Pace, now: datetime) -> datetime | None:
    """When the first destination is free again that something due waits for; None if none does."""
    found: datetime | None = connection.scalar(_BUSY, _at(pace, now))
    return found


def _at(places: Iterable[str], now: datetime) -> dict[str, Any]:
    return {"places": list(places), "now": now, "patient_since": now - PATIENCE}


def _joined(what: Any) -> sa.Select[Any]:
    there = destinations.c.destination == outbox.c.destination
    return sa.select(what).select_from(outbox.outerjoin(destinations, there))


def _is_due() -> sa.ColumnElement[bool]:
    before = outbox.alias("before")
    waits_for_another = sa.exists().where(
        before.c.incident_id == outbox.c.incident_id,
        before.c.destination == outbox.c.destination,
        before.c.seq < outbox.c.seq,
        before.c.state.in_(WAITING),
        # words do not wait for a picture
        before.c.op != Op.PICTURE,
    )
    idle = outbox.c.state.in_([Delivery.READY, Delivery.BLOCKED]) & (outbox.c.next_at <= _NOW)
    left = (outbox.c.state == Delivery.INFLIGHT) & (outbox.c.lease_until <= _NOW)
    is_blocked = (destinations.c.state == Delivery.BLOCKED) & (destinations.c.next_probe > _NOW)
    return sa.and_(
        outbox.c.destination.in_(sa.bindparam("places", expanding=True)),
        idle | left,
        ~sa.func.coalesce(is_blocked, sa.false()),
        ~waits_for_another,
        ~_waits_for_root(),
    )


def _waits_for_root() -> sa.ColumnElement[bool]:
    """Whether the message that it is to stand under is not there, and may still come."""
    other = outbox.alias("other")
    stands = sa.exists().where(
        messages.c.incident_id.in_([outbox.c.under, outbox.c.incident_id]),
        messages.c.destination == outbox.c.destination,
    )
    comes = sa.exists().where(
        other.c.incident_id == outbox.c.under,
        other.c.destination == outbox.c.destination,
        other.c.state.in_(WAITING),
        # two that wait for each other would wait for ever
        sa.func.coalesce(other.c.under != outbox.c.incident_id, sa.true()),
    )
    is_young = outbox.c.next_at > sa.bindparam("patient_since", type_=UtcDateTime)
    return outbox.c.under.is_not(None) & ~stands & (comes | is_young)


# built once: that takes longer than the database does
_NOW = sa.bindparam("now", type_=UtcDateTime)
_BUSY = _joined(sa.func.min(destinations.c.free_at)).where(_is_due(), destinations.c.free_at > _NOW)
_NEXT = (
    _joined(outbox)
    .where(_is_due(), sa.func.coalesce(destinations.c.free_at <= _NOW, sa.true()))
    .order_by(outbox.c.next_at, outbox.c.id)
    .limit(1)
)


def _take_turn(connection: sa.Connection, place: str, gap: timedelta, now: datetime) -> bool:
    """Let nobody else send to `place` for a while; one message probes it if it is blocked."""
    free_at = now + gap if gap else None
    here = destinations.c.destination == place
    is_free = sa.func.coalesce(destinations.c.free_at <= now, sa.true())
    taken = connection.execute(
        destinations.update()
        .where(here, is_free)
        .values(
            free_at=free_at,
            next_probe=sa.case(
                (destinations.c.state == Delivery.BLOCKED, sa.literal(now + PROBE, UtcDateTime))
            ),
        )
    )
    if taken.rowcount:
        return True
    native = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    first = native(destinations).values(
        destination=place, state=Delivery.READY, since=now, free_at=free_at
    )
    stored = first.on_conflict_do_nothing().returning(destinations.c.destination)
    return connection.execute(stored).first() is not None


def sent(connection: sa.Connection, claimed: Claim, root: Place | None, now: datetime) -> bool:
    """It arrived: remember where its root ``(channel, ts, thread)`` stands; its place works.

    False if the lease was lost meanwhile: then somebody else says what became of it.
    """
    if not _finish(connection, claimed, state=Delivery.SENT, sent_at=now, last_error=None):
        return False
    forget_place(connection, claimed)
    if root is not None:
        channel, ts, thread = root
        connection.execute(
            messages.insert().values(
                incident_id=claimed.incident,
                destination=claimed.destination,
                channel=channel,
                ts=ts,
                thread=thread,
            )
        )
    mended = connection.execute(
        destinations.update()
        .where(
            destinations.c.destination == claimed.destination,
            destinations.c.state == Delivery.BLOCKED,
        )
        .values(state=Delivery.READY, since=now, error=None, next_probe=None)
    )
    if mended.rowcount:
        connection.execute(
            outbox.update()
            .where(_there(claimed), outbox.c.state == Delivery.BLOCKED)
            .values(state=Delivery.READY)
        )
    return True


def later(
    connection: sa.Connection, claimed: Claim, error: str, after_s: float | None, now: datetime
) -> None:
    """It was not taken: try again, later each time, or when the service asked to."""
    if _is_too_old(claimed, now):
        bury(connection, claimed, error, is_known=True)
        return
    due = now + (timedelta(seconds=after_s) if after_s else _wait(claimed))
    _finish(
        connection,
        claimed,
        state=Delivery.READY,
        # a service that asks for patience is not out of reach
        attempts=claimed.attempts - 1 if after_s else claimed.attempts,
        next_at=due,
        # an earlier attempt that nobody knows of still has to be looked up
        sent_from=claimed.unsure_since,
        last_error=error,
    )
    if after_s and claimed.op is not Op.PICTURE:
        # the service limits the channel, not the message; files have limits of their own
        connection.execute(
            destinations.update()
            .where(destinations.c.destination == claimed.destination)
            .values(free_at=due)
        )


def unsure(connection: sa.Connection, claimed: Claim, error: str, now: datetime) -> None:
    """It may have been taken: keep the lease, so that it is looked up when it is over.

    A lease is never shorter than a service may take to carry out what it did not answer to.
    """
    if _is_too_old(claimed, now):
        bury(connection, claimed, error)
        return
    until = now + max(LEASE, _wait(claimed))
    connection.execute(
        outbox.update().where(_mine(claimed)).values(last_error=error, lease_until=until)
    )


def block(connection: sa.Connection, claimed: Claim, error: str, now: datetime) -> None:
    """Somebody has to mend the destination: all its messages wait and one probes."""
    exclusive(connection, claimed.destination)
    if _is_too_old(claimed, now):
        bury(connection, claimed, error, is_known=True)
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
    was_blocked = destinations.c.state == Delivery.BLOCKED
    connection.execute(
        destinations.update()
        .where(destinations.c.destination == claimed.destination)
        .values(
            state=Delivery.BLOCKED,
            since=sa.case((was_blocked, destinations.c.since), else_=sa.literal(now, UtcDateTime)),
            error=error,
            next_probe=now + PROBE,
        )
    )
    connection.execute(
        outbox.update()
        .where(_there(claimed), outbox.c.state == Delivery.READY)
        .values(state=Delivery.BLOCKED)
    )


def bury(connection: sa.Connection, claimed: Claim, error: str, *, is_known: bool = False) -> None:
    """Give up on it, visibly; `is_known` if the last attempt was surely not taken."""
    doubt = {"sent_from": claimed.unsure_since} if is_known else {}
    _finish(connection, claimed, state=Delivery.DEAD, last_error=error, **doubt)


def instead(connection: sa.Connection, claimed: Claim, payload: dict[str, Any], error: str) -> None:
    """Say something else in its place, as soon as possible."""
    _finish(
        connection,
        claimed,
        state=Delivery.READY,
        payload=payload,
        attempts=0,
        sent_from=None,
        last_error=error,
    )


def alone(connection: sa.Connection, claimed: Claim) -> None:
    """Let it stand on its own: nothing can stand under the message that it was to stand under."""
    connection.execute(outbox.update().where(outbox.c.id == claimed.id).values(under=None))


def place(connection: sa.Connection, incident: str, destination: str) -> Place | None:
    """Channel, time stamp and thread of an incident's message at a destination."""
    row = connection.execute(
        sa.select(messages.c.channel, messages.c.ts, messages.c.thread).where(
            messages.c.incident_id == incident, messages.c.destination == destination
        )
    ).first()
    return (row.channel, row.ts, row.thread) if row else None


def forget_place(connection: sa.Connection, claimed: Claim) -> None:
    """The incident's message is not there any more."""
    connection.execute(
        messages.delete().where(
            messages.c.incident_id == claimed.incident,
            messages.c.destination == claimed.destination,
        )
    )


def _is_too_old(claimed: Claim, now: datetime) -> bool:
    # the number of tries does not matter: an outage may last longer than many of them
    return now - claimed.created_at > MAX_AGE


def _wait(claimed: Claim) -> timedelta:
    tries = min(claimed.attempts, 30)
    return timedelta(seconds=min(FIRST_WAIT_S * 2.0 ** (tries - 1), LONGEST_WAIT_S))


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
