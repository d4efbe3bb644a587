"""Chains to tamper with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.governance.chain import START, Head, seal

if TYPE_CHECKING:
    from monitoring_pipelines.governance.chain import Key, Record


def chain(n: int, key: Key | None = None, after: Head = START, **more: Any) -> list[Record]:
    """`n` records; `more` changes what they say."""
    found: list[Record] = []
    last = after
    for _ in range(n):
        fields = {"kind": "results", "model": "churn", "value": f"of {last.seq + 1}", **more}
        record = seal(fields, last, key)
        found.append(record)
        last = Head(record.seq, record.hash)
    return found
