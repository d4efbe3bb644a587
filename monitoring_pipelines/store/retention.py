"""Old messages go; what is needed to know who was told what stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from monitoring_pipelines.alerts.op import ATTACHED, CALLS
from monitoring_pipelines.store.outbox import Delivery
from monitoring_pipelines.store.schema import incidents, outbox

if TYPE_CHECKING:
    from datetime import datetime

KEEP = timedelta(days=30)


def tidy(connection: sa.Connection, now: datetime, keep: timedelta = KEEP) -> int:
    """Delete what was sent or superseded more than `keep` ago about what is over; how many rows.

    Of every incident and destination the newest message, the newest words and the newest call
    stay for ever: `outbox.told` says the same before and after, so that an incident that comes
    back or is withdrawn after months is told to those who heard of it.
    """
    newer = outbox.alias("newer")
    is_open = sa.exists().where(incidents.c.id == outbox.c.incident_id, incidents.c.state == "open")
    after = sa.exists().where(
        newer.c.incident_id == outbox.c.incident_id,
        newer.c.destination == outbox.c.destination,
        newer.c.seq > outbox.c.seq,
    )
    words_after = after.where(*_words(newer))
    call_after = words_after.where(newer.c.op.in_(CALLS))
    is_words = sa.and_(*_words(outbox))
    done = connection.execute(
        outbox.delete().where(
            outbox.c.state.in_([Delivery.SENT, Delivery.SUPERSEDED]),
            sa.func.coalesce(outbox.c.sent_at, outbox.c.next_at) < now - keep,
            ~is_open,
            after,
            ~is_words | words_after,
            ~(is_words & outbox.c.op.in_(CALLS)) | call_after,
        )
    )
    return done.rowcount


def _words(rows: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
    return rows.c.state != Delivery.SUPERSEDED, rows.c.op.not_in(ATTACHED)
