"""What a record says of the rows it vouches for: one hash per metric, from which each row follows.

A row's hash is SHA-256 of its canonical JSON, its numbers in the shortest text that reads back as
the same double. The hash of several rows is SHA-256 of their sorted hashes, joined by newlines:
one row is proved by itself and the hashes, not the content, of the others.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.governance.chain import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def row_text(row: Mapping[str, Any]) -> str:
    """Canonical JSON of a row of `results`: times in UTC, fractions as text.

    >>> row_text({"n": 3, "value": 0.1, "low": -0.0, "high": None})
    '{"high":null,"low":"0.0","n":3,"value":"0.1"}'
    """
    return canonical({name: _plain(value) for name, value in row.items()})


def instant(moment: datetime) -> str:
    """A moment as records write it, always in UTC and to the microsecond.

    >>> instant(datetime(2026, 3, 1, tzinfo=UTC))
    '2026-03-01T00:00:00.000000Z'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def subject(metric: str, status: str) -> str:
    """What a hash stands for: an estimate stands beside the realised number of its moment.

    >>> subject("roc_auc", "estimated"), subject("roc_auc", "final")
    ('estimated roc_auc', 'roc_auc')
    """
    return f"estimated {metric}" if status == "estimated" else metric


def row_hash(text: str) -> str:
    """Hash of one row's text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def rows_hash(hashes: Iterable[str]) -> str:
    """Hash of several rows, in whatever order they come."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, float):
        return repr(value + 0.0)  # SQLite keeps no sign of zero
    return value
