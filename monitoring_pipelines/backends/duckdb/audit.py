"""Entries of audit logs in one window, by their kind; and how often one caller read keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.backends.duckdb.connection import literal
from monitoring_pipelines.backends.duckdb.llm_window import source
from monitoring_pipelines.security.controls import LISTS_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from monitoring_pipelines.backends.duckdb.llm_window import Read
    from monitoring_pipelines.domain.window import Window


class Entries(NamedTuple):
    """Of a window: entries by kind and scopes, without failed ones; of all `n`; key readings."""

    n: int
    counts: dict[tuple[str, str | None], int]
    keys_listed: int


def entries(
    connection: duckdb.DuckDBPyConnection, reads: Sequence[Read], window: Window
) -> Entries | None:
    """What an audit log tells of a window; None if it has no entry from its start on.

    Steps of agents are events, too, and no entries. An entry that was delivered twice counts once.
    """
    start, end = (f"TIMESTAMPTZ '{moment.isoformat()}'" for moment in (window.start, window.end))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE audit AS SELECT DISTINCT ON (id, kind) * FROM "
        f"({source('events', reads)}) WHERE actor_kind IS DISTINCT FROM 'agent' "
        f"AND \"timestamp\" >= {start} ORDER BY id, kind, status = 'ok' DESC"
    )
    lists = ", ".join(map(literal, LISTS_KEYS))
    inside = f'"timestamp" < {end}'
    total, n = connection.execute(
        f"SELECT count(*), count(*) FILTER ({inside}) FROM audit"
    ).fetchall()[0]
    if not total:
        return None
    counts = connection.execute(
        f"SELECT kind, scopes, count(*) FROM audit WHERE {inside} "
        "AND coalesce(status, 'ok') = 'ok' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    (listed,) = connection.execute(
        f"SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM audit WHERE {inside} "
        f"AND lower(kind) IN ({lists}) GROUP BY coalesce(actor, ip, ''), "
        "date_trunc('hour', \"timestamp\"))"
    ).fetchall()
    return Entries(int(n), {(kind, scopes): int(k) for kind, scopes, k in counts}, int(listed[0]))
