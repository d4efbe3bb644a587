"""Old results go, and if wanted the content of their records; a checkpoint in the chain says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from monitoring_pipelines.governance.chain import EMPTIABLE, EMPTIED
from monitoring_pipelines.governance.proof import instant
from monitoring_pipelines.store import evidence as chain
from monitoring_pipelines.store.locks import exclusive
from monitoring_pipelines.store.schema import evidence, incidents, results, summaries
from monitoring_pipelines.store.text import storable

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.governance.chain import Head


class Old(NamedTuple):
    """What is older than a moment: rows of results and of summaries, and records of results."""

    results: int
    summaries: int
    records: tuple[int, ...]


def old(
    connection: sa.Connection, model: str, before: datetime, records_before: datetime | None
) -> Old:
    """What `prune` would delete: windows that ended by then, and records whose windows did."""
    counts = [
        connection.scalar(sa.select(sa.func.count()).select_from(table).where(*clauses)) or 0
        for table, clauses in (
            (results, _results(model, before)),
            (summaries, _windows(model, before)),
        )
    ]
    seqs = _records(connection, model, records_before) if records_before is not None else ()
    return Old(counts[0], counts[1], seqs)


def prune(
    connection: sa.Connection,
    model: str,
    *,
    before: datetime,
    records_before: datetime | None,
    by: str,
    reason: str,
) -> tuple[Old, Head]:
    """Delete what is `old`, and append the checkpoint. A later record may vouch for it again.

    Records are emptied only of windows whose results are gone, now or before; their numbers and
    hashes stay. Cards and decisions of people are never emptied.
    """
    exclusive(connection, f"model:{model}")
    exclusive(connection, "evidence")
    found = old(connection, model, before, records_before)
    connection.execute(results.delete().where(*_results(model, before)))
    connection.execute(summaries.delete().where(*_windows(model, before)))
    chain.empty(connection, found.records)
    fields = {
        "before": instant(before),
        "removed": {"results": found.results, "summaries": found.summaries},
        "records": len(found.records),
        # of the whole chain, so that the newest checkpoint alone tells all of them
        "emptied": chain.emptied(connection).told,
        "by": by,
        "reason": reason,
    }
    return found, chain.append(connection, chain.CHECKPOINT, model, fields)


def oldest_open(connection: sa.Connection, model: str) -> datetime | None:
    """Newest failed window of an open incident, of several the oldest: what it rests on stays."""
    query = sa.select(sa.func.min(incidents.c.last_window)).where(
        incidents.c.model == storable(model), incidents.c.state == "open"
    )
    found: datetime | None = connection.scalar(query)
    return found


def _results(model: str, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return results.c.model == storable(model), results.c.window_end <= before


def _windows(model: str, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Summaries of windows; those of a reference and its bins are needed for as long as it is."""
    is_reference = summaries.c.kind.like("reference%") | (summaries.c.kind == "binning")
    return summaries.c.model == storable(model), summaries.c.window_end <= before, ~is_reference


def _records(connection: sa.Connection, model: str, before: datetime) -> tuple[int, ...]:
    query = sa.select(evidence.c.seq, evidence.c.body).where(
        evidence.c.model == storable(model),
        evidence.c.kind.in_(sorted(EMPTIABLE)),
        evidence.c.body != EMPTIED,
    )
    limit = instant(before)
    return tuple(seq for seq, body in connection.execute(query) if _end(body) <= limit)


def _end(body: str) -> str:
    """End of a record's window, as text that sorts as times do."""
    return str(json.loads(body)["window"][1])
