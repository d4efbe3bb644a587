"""One writer at a time for what must not be done twice."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa


def exclusive(connection: sa.Connection, key: str) -> None:
    """Wait until no other transaction holds `key`, then hold it until this one ends.

    It has to be the first statement of the transaction, and to rule out deadlocks a transaction
    should hold one key only. On SQLite a writing transaction already excludes all others from its
    start (see `store.engine`).
    """
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256(f"monitoring-pipelines:{key}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        held = sa.func.pg_advisory_xact_lock(sa.literal(number, sa.BigInteger))
        connection.execute(sa.select(held))
