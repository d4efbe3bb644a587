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
    """Of a window: entries by kind and scopes, without failed ones; of all `n`; key readings.

    `used` are the entries of agents' identities that tell where they came from, and `foreign` those
    of them that did not come from where the agent runs.
    """

    n: int
    counts: dict[tuple[str, str | None], int]
    keys_listed: int
    used: int = 0
    foreign: int = 0


class Identity(NamedTuple):
    """Who an agent is in an audit log, and where it acts from; of nothing named anything goes.

    Identity and addresses are hashed as the log's are; of user agents the beginning is named.
    """

    name: str
    addresses: tuple[str, ...] = ()
    user_agents: tuple[str, ...] = ()


def entries(
    connection: duckdb.DuckDBPyConnection,
    reads: Sequence[Read],
    window: Window,
    agents: Sequence[Identity] = (),
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
    found = {(kind, scopes): int(k) for kind, scopes, k in counts}
    return Entries(int(n), found, int(listed[0]), *_foreign(connection, inside, agents))


def _foreign(
    connection: duckdb.DuckDBPyConnection, inside: str, agents: Sequence[Identity]
) -> tuple[int, int]:
    """Entries of `agents` that tell a place, and those from elsewhere; attempts count, too."""
    told, foreign = ["false"], ["false"]
    for one in agents:
        mine = f"(actor = {literal(one.name)} OR role = {literal(one.name)})"
        known = {
            "ip": f"ip IN ({', '.join(map(literal, one.addresses))})" if one.addresses else "",
            "user_agent": " OR ".join(
                f"starts_with(user_agent, {literal(begins)})" for begins in one.user_agents
            ),
        }
        for column, condition in known.items():
            if condition:
                told.append(f"{mine} AND {column} IS NOT NULL")
                foreign.append(f"{mine} AND NOT ({condition})")
    (found,) = connection.execute(
        f"SELECT count(*) FILTER ({' OR '.join(told)}), count(*) FILTER ({' OR '.join(foreign)}) "
        f"FROM audit WHERE {inside}"
    ).fetchall()
    return int(found[0]), int(found[1])
