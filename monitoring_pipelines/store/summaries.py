"""The table `summaries`: sufficient statistics, so that a log is read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from monitoring_pipelines.store.schema import summaries
from monitoring_pipelines.summaries.codec import decode, encode

if TYPE_CHECKING:
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.summaries.codec import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryKey:
    """What a summary is of; `fingerprint` is the hash of everything that it depends on."""

    model: str
    kind: str
    window: Window
    segment: str = ""
    fingerprint: str

    @property
    def columns(self) -> dict[str, Any]:
        """Values of the key's columns."""
        return {
            "model": self.model,
            "kind": self.kind,
            "window_start": self.window.start,
            "window_end": self.window.end,
            "segment": self.segment,
            "fingerprint": self.fingerprint,
        }


def put(connection: sa.Connection, key: SummaryKey, summary: Summary, n_rows: int) -> None:
    """Store `summary`, in the place of the one with this key."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    kept = {"n_rows": n_rows, "payload": encode(summary), "created_at": datetime.now(UTC)}
    statement = insert(summaries).values(**key.columns, **kept)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key.columns), set_=kept))


def get(connection: sa.Connection, key: SummaryKey) -> Summary | None:
    """Give the summary with this key."""
    where = [summaries.c[name] == value for name, value in key.columns.items()]
    payload = connection.execute(sa.select(summaries.c.payload).where(*where)).scalar()
    return None if payload is None else decode(bytes(payload))


def get_segments(connection: sa.Connection, key: SummaryKey) -> dict[str, Summary]:
    """Give the summaries of all segments with this key, by segment."""
    columns = {name: value for name, value in key.columns.items() if name != "segment"}
    where = [summaries.c[name] == value for name, value in columns.items()]
    statement = sa.select(summaries.c.segment, summaries.c.payload).where(*where)
    found = connection.execute(statement.order_by(summaries.c.segment))
    return {segment: decode(bytes(payload)) for segment, payload in found}
