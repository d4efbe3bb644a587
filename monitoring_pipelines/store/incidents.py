"""Conditions and incidents as they were last computed, and the events of each incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.alerts.triage import Fingerprint
from monitoring_pipelines.store.schema import conditions, incident_events, incidents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

Row = dict[str, Any]


class Event(NamedTuple):
    """What happened to an incident, and who or what did it."""

    type: str
    actor: str
    payload: Row


def stored(connection: sa.Connection, model: str) -> dict[str, Row]:
    """All incidents of a model by their id."""
    rows = connection.execute(sa.select(incidents).where(incidents.c.model == model)).mappings()
    return {row["id"]: dict(row) for row in rows}


def listed(connection: sa.Connection, model: str | None = None) -> list[Row]:
    """All incidents, of one model or of all, newest first."""
    query = sa.select(incidents).order_by(incidents.c.opened_window.desc(), incidents.c.id)
    if model is not None:
        query = query.where(incidents.c.model == model)
    return [dict(row) for row in connection.execute(query).mappings()]


def one(connection: sa.Connection, id_: str) -> Row | None:
    """One incident, None if there is none."""
    query = sa.select(incidents).where(incidents.c.id == id_)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def open_models(connection: sa.Connection) -> set[str]:
    """Models with an incident that is not over."""
    query = sa.select(incidents.c.model).where(incidents.c.state == "open").distinct()
    return {*connection.scalars(query)}


def firing(connection: sa.Connection) -> dict[str, list[Fingerprint]]:
    """What the open incidents are about."""
    table = conditions
    query = sa.select(table).where(table.c.incident_id.is_not(None))
    found: dict[str, list[Fingerprint]] = {}
    for row in connection.execute(query).mappings():
        about = Fingerprint(row["model"], row["segment"], row["metric"], row["column"])
        found.setdefault(row["incident_id"], []).append(about)
    return found


def save_conditions(
    connection: sa.Connection, model: str, rows: Mapping[str, Row], now: datetime
) -> None:
    """Make the conditions of `model` be exactly `rows`, by fingerprint; write only what differs."""
    query = sa.select(conditions).where(conditions.c.model == model)
    known = {row["fingerprint"]: dict(row) for row in connection.execute(query).mappings()}
    for key in known.keys() - rows.keys():
        connection.execute(conditions.delete().where(conditions.c.fingerprint == key))
    for key, row in rows.items():
        _save(connection, conditions, row, known.get(key), {"updated_at": now})


def save_incident(
    connection: sa.Connection, row: Row, known: Row | None, run_id: str, now: datetime
) -> bool:
    """Insert or update one incident; whether anything was written."""
    return _save(connection, incidents, row, known, {"run_id": run_id, "updated_at": now})


def forget(connection: sa.Connection, ids: Iterable[str]) -> None:
    """Remove incidents that nobody was told of and that later results do not show any more."""
    for incident in ids:
        connection.execute(
            incident_events.delete().where(incident_events.c.incident_id == incident)
        )
        connection.execute(incidents.delete().where(incidents.c.id == incident))


def record(connection: sa.Connection, incident: str, event: Event, now: datetime) -> None:
    """Append to the events of an incident."""
    mine = incident_events.c.incident_id == incident
    last = connection.scalar(sa.select(sa.func.max(incident_events.c.seq)).where(mine))
    connection.execute(
        incident_events.insert().values(
            incident_id=incident, seq=(last or 0) + 1, at=now, **event._asdict()
        )
    )


def _save(
    connection: sa.Connection, table: sa.Table, row: Row, known: Row | None, stamp: Row
) -> bool:
    if known is None:
        connection.execute(table.insert().values(**row, **stamp))
        return True
    if all(known[name] == value for name, value in row.items()):
        return False
    key = next(iter(table.primary_key.columns))
    connection.execute(table.update().where(key == row[key.name]).values(**row, **stamp))
    return True
