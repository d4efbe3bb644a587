"""Events, silences and pressed buttons, as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.alerts.handling import Happened
from monitoring_pipelines.alerts.silence import Silence, SilenceKind
from monitoring_pipelines.store import schema
from monitoring_pipelines.store.text import storable

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


def events(connection: sa.Connection, incidents: Collection[str]) -> dict[str, list[Happened]]:
    """Events of some incidents, oldest first."""
    table = schema.incident_events
    query = sa.select(table).where(table.c.incident_id.in_(incidents)).order_by(table.c.seq)
    found: dict[str, list[Happened]] = {}
    for row in connection.execute(query).mappings():
        event = Happened(at=row["at"], type=row["type"], actor=row["actor"], payload=row["payload"])
        found.setdefault(row["incident_id"], []).append(event)
    return found


def silences(connection: sa.Connection, at: datetime | None = None) -> list[Silence]:
    """All silences, or those that are not over at a moment; the next to end first."""
    table = schema.silences
    query = sa.select(table).order_by(table.c.ends_at, table.c.id)
    if at is not None:
        query = query.where(table.c.ends_at > at)
    return [
        Silence(
            id=row["id"],
            kind=SilenceKind(row["kind"]),
            matchers=row["matchers"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            created_by=row["created_by"],
            reason=row["reason"],
        )
        for row in connection.execute(query).mappings()
    ]


def add_silence(connection: sa.Connection, silence: Silence, now: datetime) -> None:
    """Store a new silence."""
    connection.execute(
        schema.silences.insert().values(
            id=silence.id,
            kind=silence.kind,
            matchers={name: storable(text) for name, text in silence.matchers.items()},
            starts_at=silence.starts_at,
            ends_at=silence.ends_at,
            created_by=storable(silence.created_by),
            reason=storable(silence.reason),
            created_at=now,
        )
    )


def end_silence(connection: sa.Connection, id_: str, now: datetime) -> bool:
    """Let a silence end now; False if there is none that is not over."""
    table = schema.silences
    ended = connection.execute(
        table.update().where(table.c.id == id_, table.c.ends_at > now).values(ends_at=now)
    )
    return ended.rowcount == 1


def channels(connection: sa.Connection, incident: str) -> set[str]:
    """Channels in which a message about the incident stands."""
    table = schema.messages
    return {*connection.scalars(sa.select(table.c.channel).where(table.c.incident_id == incident))}


def seen(connection: sa.Connection, key: str, payload: dict[str, Any], now: datetime) -> bool:
    """Whether a press was obeyed before; otherwise it is remembered in this transaction."""
    table = schema.inbox
    if connection.execute(sa.select(table.c.key).where(table.c.key == key)).first() is not None:
        return True
    connection.execute(table.insert().values(key=key, at=now, payload=payload))
    return False
