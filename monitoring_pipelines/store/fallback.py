"""Another destination hears at once of what cannot be said where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.store.outbox import WAITING, Delivery
from monitoring_pipelines.store.schema import destinations, outbox
from monitoring_pipelines.store.stuck import is_out_of_reach

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    Payload = Mapping[str, Any]
    # the payload for the fallback, from the payload, the blocked destination and what is wrong
    Marked = Callable[[Payload, str, str], dict[str, Any]]

OPS = (Op.OPEN, Op.ESCALATE, Op.DIGEST)


def divert(connection: sa.Connection, fallback: str, marked: Marked, now: datetime) -> int:
    """Queue for `fallback` what waits where nothing gets through, each message once; how many.

    That is a blocked destination, or one that is out of reach for long.

    The copies belong to an incident of their own, so that nothing else is said about it there;
    but who heard of trouble by a copy also hears that it is over.
    """
    rows = connection.execute(_news(fallback, now).union_all(_ends(fallback)).order_by("id"))
    found = rows.mappings().all()
    for row in found:
        connection.execute(
            outbox.insert().values(
                idem=f"{row['idem']}>{fallback}",
                incident_id=f"{row['incident_id']}>{row['destination']}",
                destination=fallback,
                op=row["op"],
                seq=row["seq"],
                payload=marked(row["payload"], row["destination"], row["error"] or ""),
                state=Delivery.READY,
                attempts=0,
                created_at=now,
                next_at=now,
            )
        )
    return len(found)


def _news(fallback: str, now: datetime) -> sa.Select[Any]:
    """What people have to know now and would not hear of."""
    there = destinations.c.destination == outbox.c.destination
    error = sa.func.coalesce(destinations.c.error, outbox.c.last_error).label("error")
    own = outbox.alias("own")
    knows_anyway = sa.exists().where(
        own.c.incident_id == outbox.c.incident_id,
        own.c.destination == fallback,
        own.c.op == outbox.c.op,
        own.c.state != Delivery.SUPERSEDED,
    )
    return _uncopied(
        sa.select(*_COLUMNS, error).select_from(outbox.join(destinations, there)), fallback
    ).where(
        (destinations.c.state == Delivery.BLOCKED) | is_out_of_reach(outbox.c.destination),
        outbox.c.state.in_(WAITING),
        outbox.c.op.in_(OPS),
        # what was never tried and is not due is held by quiet hours
        (outbox.c.next_at <= now) | (outbox.c.attempts > 0),
        ~knows_anyway,
    )


def _ends(fallback: str) -> sa.Select[Any]:
    """What is over and was told by a copy; whether the destination works again is no matter."""
    copy = outbox.alias("copy")
    its = (
        (copy.c.incident_id == outbox.c.incident_id + ">" + outbox.c.destination)
        & (copy.c.destination == fallback)
        & (copy.c.op == Op.OPEN)
        & (copy.c.seq < outbox.c.seq)
    )
    error = sa.null().cast(sa.Text).label("error")
    return _uncopied(
        sa.select(*_COLUMNS, error).select_from(outbox.join(copy, its)), fallback
    ).where(outbox.c.op == Op.RESOLVE, outbox.c.state != Delivery.SUPERSEDED)


_COLUMNS = [
    outbox.c[name] for name in ("id", "idem", "incident_id", "destination", "op", "seq", "payload")
]


def _uncopied(query: sa.Select[Any], fallback: str) -> sa.Select[Any]:
    done = outbox.alias("done")
    return query.where(
        outbox.c.destination != fallback,
        ~sa.exists().where(done.c.idem == outbox.c.idem + ">" + fallback),
    )
