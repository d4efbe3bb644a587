"""How long a chain of 100,000 records takes to verify; the goal is 10 seconds.

.venv/bin/python -m benchmarks.evidence [RECORDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitoring_pipelines.governance.chain import START, seal
from monitoring_pipelines.governance.proof import instant
from monitoring_pipelines.pipeline.evidence import verify
from monitoring_pipelines.store import evidence
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.schema import evidence as table

METRICS = 20


def filled(folder: Path, n: int) -> Store:
    """Records of 20 metrics each, as a step of a run writes them; 1.9 kB apiece."""
    store, last, rows = Store.open(f"sqlite:///{folder}/e.db"), START, []
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for i in range(n):
        at = start + timedelta(hours=i % 8_760)
        fields = {
            "schema": evidence.SCHEMA, "at": instant(at), "kind": "results",
            "model": f"model_{i % 500}", "window": [instant(at), instant(at + timedelta(hours=1))],
            "as_of": instant(at), "inputs": {"predictions": "f" * 16},
            "rows": [[f"metric_{m}", 0, "a" * 64] for m in range(METRICS)], "verdicts": {"ok": 20},
            "failed": [], "config": ["b" * 16], "code": ["1.0"], "run": ["c" * 36], "versions": ["v"],
        }  # fmt: skip
        record = seal(fields, last)
        last = evidence.Head(record.seq, record.hash)
        rows.append(record._asdict())
    with store.write() as connection:
        connection.execute(table.insert(), rows)
    return store


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = filled(Path(folder), n)
        for results in (False, True):
            begun = time.process_time()
            with store.read() as connection:
                found = verify(connection, results=results)
            assert found.holds, found.sentence
            what = "chain and results" if results else "chain"
            print(f"{n:,} records, {what}: {time.process_time() - begun:.1f} s of CPU")


if __name__ == "__main__":
    main()
