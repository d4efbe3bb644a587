"""Stored summaries: what was computed once is merged later, not read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.store import schema
from monitoring_pipelines.store.locks import exclusive
from monitoring_pipelines.store.text import storable
from monitoring_pipelines.summaries import codec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring_pipelines.summaries.codec import Summary

TABLE = schema.summaries
KEY = [column.name for column in TABLE.primary_key]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryKey:
    """What a summary is of.

    `kind` is ``table``, ``labelled``, ``partitions``, ``binning``, or ``reference_`` and one of
    the first three; `fingerprint` is the hash of all that the summary depends on besides (source,
    bins, what is summed).
    """

    model: str
    kind: str
    window: Window
    segment: str = ""
    fingerprint: str


def put(connection: sa.Connection, key: SummaryKey, summary: Summary, n_rows: int) -> None:
    """Store the summary of `n_rows` rows, in place of an older one under the same key."""
    exclusive(connection, f"model:{key.model}")
    values = {
        "model": storable(key.model),
        "kind": key.kind,
        "window_start": key.window.start,
        "window_end": key.window.end,
        "segment": storable(key.segment),
        "fingerprint": key.fingerprint,
    }
    content = {
        "n_rows": int(n_rows),
        "payload": codec.encode(summary),
        "created_at": datetime.now(UTC),
    }
    native = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    insert = native(TABLE).values(**values, **content)
    connection.execute(insert.on_conflict_do_update(index_elements=KEY, set_=content))


def get(connection: sa.Connection, key: SummaryKey) -> Summary | None:
    """The stored summary, None if there is none."""
    found = get_many(
        connection,
        key.model,
        key.kind,
        key.fingerprint,
        [key.window],
        segment=key.segment,
    )
    return found.get(key.window)


def newest(connection: sa.Connection, model: str, kind: str, window: Window) -> Summary | None:
    """The summary of a window that was stored last, whatever it depends on."""
    query = sa.select(TABLE.c.payload).where(
        TABLE.c.model == storable(model),
        TABLE.c.kind == kind,
        TABLE.c.segment == "",
        TABLE.c.window_start == window.utc.start,
        TABLE.c.window_end == window.utc.end,
    )
    payload = connection.scalar(query.order_by(TABLE.c.created_at.desc()).limit(1))
    return codec.decode(payload) if payload is not None else None


def newest_in(
    connection: sa.Connection, model: str, kind: str, period: tuple[datetime, datetime] | None
) -> tuple[Window, Summary] | None:
    """The newest window that starts in ``[start, end)`` with a summary, and the one stored last.

    Without a `period` it is of whatever was stored last.
    """
    query = sa.select(TABLE.c.window_start, TABLE.c.window_end, TABLE.c.payload).where(
        TABLE.c.model == storable(model), TABLE.c.kind == kind, TABLE.c.segment == ""
    )
    if period is not None:
        start, end = period
        query = query.where(TABLE.c.window_start >= start, TABLE.c.window_start < end)
        query = query.order_by(TABLE.c.window_start.desc())
    row = connection.execute(query.order_by(TABLE.c.created_at.desc()).limit(1)).first()
    return (Window(row[0], row[1]), codec.decode(row[2])) if row else None


def get_segments(connection: sa.Connection, key: SummaryKey) -> dict[str, Summary]:
    """The stored summaries of all segments, by segment; the one in `key` does not matter."""
    query = sa.select(TABLE.c.segment, TABLE.c.payload).where(
        TABLE.c.model == storable(key.model),
        TABLE.c.kind == key.kind,
        TABLE.c.fingerprint == key.fingerprint,
        TABLE.c.window_start == key.window.start,
        TABLE.c.window_end == key.window.end,
    )
    found = {segment: codec.decode(payload) for segment, payload in connection.execute(query)}
    return dict(sorted(found.items()))


def get_many(
    connection: sa.Connection,
    model: str,
    kind: str,
    fingerprint: str,
    windows: Iterable[Window],
    *,
    segment: str = "",
) -> dict[Window, Summary]:
    """The stored summaries of `windows`, in their order; windows without one are left out."""
    wanted = list(windows)
    if not wanted:
        return {}
    query = sa.select(TABLE.c.window_start, TABLE.c.window_end, TABLE.c.payload).where(
        TABLE.c.model == storable(model),
        TABLE.c.kind == kind,
        TABLE.c.fingerprint == fingerprint,
        TABLE.c.segment == storable(segment),
        # one range instead of a list of any length
        TABLE.c.window_start >= min(window.start for window in wanted),
        TABLE.c.window_start <= max(window.start for window in wanted),
    )
    payloads = {(start, end): payload for start, end, payload in connection.execute(query)}
    return {
        window: codec.decode(payloads[window.utc.start, window.utc.end])
        for window in wanted
        if (window.utc.start, window.utc.end) in payloads
    }
