"""One writer at a time for what must not be done twice."""

from __future__ import annotations

import sqlalchemy as sa

from monitoring_pipelines.store.schema import incidents


def exclusive(connection: sa.Connection, key: str) -> None:
    """Let nobody else with the same `key` go on before this transaction ends.

    It has to be the first statement of the transaction. Postgres locks the key; SQLite has one
    writer for the whole file, and a write that changes nothing makes this transaction be it, before
    anything is read that another writer could still change.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(key))))
    else:
        connection.execute(incidents.update().where(sa.false()).values(title=incidents.c.title))
