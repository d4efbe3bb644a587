"""Results that are older than the chain get a record that says so, once, when tables are upgraded.

From then on they are vouched for as they were found, not as they were made. Whoever slips a row in
later cannot have it adopted: after a record of results of schema 2 none is older than the chain.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.governance.proof import instant, subject
from monitoring_pipelines.store import evidence
from monitoring_pipelines.store.results import stored_rows, vouching
from monitoring_pipelines.store.schema import evidence as table

if TYPE_CHECKING:
    from collections.abc import Mapping

# the first schema in which every result has a record
COMPLETE = 2

Place = tuple[str, str, str, str, str]


def adopt(connection: sa.Connection) -> int:
    """Append records of results that no record knows; how many results. Again it does nothing."""
    if _is_complete(connection):
        return 0
    known, n = _known(connection), 0
    # all are read before the first is written, since SQLite reads its own writes
    unknown = [row for row in stored_rows(connection) if _place(row) not in known]
    unknown.sort(key=_place)
    for (model, start, end, as_of), rows in groupby(unknown, key=lambda row: _place(row)[:4]):
        found = [*rows]
        fields = {"window": [start, end], "as_of": as_of, "inputs": {}, **vouching(found, ())}
        evidence.append(connection, evidence.OLDER, model, fields)
        n += len(found)
    return n


def _is_complete(connection: sa.Connection) -> bool:
    newest = (
        sa.select(table.c.body)
        .where(table.c.kind == evidence.RESULTS, table.c.body != "")
        .order_by(table.c.seq.desc())
        .limit(1)
    )
    body = connection.scalar(newest)
    return body is not None and json.loads(body)["schema"] >= COMPLETE


def _known(connection: sa.Connection) -> set[Place]:
    found = set()
    for record in evidence.of_kind(connection, evidence.RESULTS):
        start, end = record["window"]
        found |= {(record["model"], start, end, record["as_of"], m) for m, *_ in record["rows"]}
    return found


def _place(row: Mapping[str, Any]) -> Place:
    return (
        row["model"],
        instant(row["window_start"]),
        instant(row["window_end"]),
        instant(row["as_of"]),
        subject(row["metric"], row["status"]),
    )
