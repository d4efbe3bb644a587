"""A rolling reference of 30 days: merged from stored summaries against computed from raw rows.

``python -m benchmarks.rolling [--rows N]``: N rows a day; exits with 1 above 1/50. Both are the
CPU seconds, without imports, of comparing day 31 with the 30 days before it; the summary of day
31 itself, which both need, is made beforehand. Judging the drift is the same work in both and is
told apart, but counts.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sklearn.metrics  # noqa: F401 - the metrics load it late, and it is an import all the same
import sqlalchemy as sa

from benchmarks import data
from benchmarks.ours import CONFIG
from monitoring_pipelines import __version__
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.pipeline.drift import drift_results
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.performance import performance_results
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.schema import summaries

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

DAYS = 30
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
LAST = Window(FIRST + timedelta(days=DAYS), FIRST + timedelta(days=DAYS + 1))
NOW = LAST.end + timedelta(days=1)
SHARE = 1 / 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    rows = parser.parse_args().rows
    folder = Path(__file__).parents[1] / ".cache" / f"rolling-{rows}"
    for day in range(DAYS + 1):
        start = FIRST + timedelta(days=day)
        data.write_day(folder / "days" / f"{start:%Y-%m-%d}.parquet", start, rows, drift=0.01 * day)
    for file in folder.glob("monitoring.db*"):
        file.unlink()
    store = Store.open(f"sqlite:///{folder}/monitoring.db")
    compare(folder, store)  # fits the bins and summarises every day
    merged, *merging = compare(folder, store)
    with store.write() as connection:
        connection.execute(sa.delete(summaries).where(summaries.c.kind != "binning"))
    computed, *computing = compare(folder, store)
    print(f"{DAYS} days of {rows:,} rows, {len(merged)} results, CPU s without imports")
    print(f"{'':24}{'reference':>10}{'judging':>10}{'both':>10}")
    for name, costs in (("merged from summaries", merging), ("computed from raw rows", computing)):
        print(f"{name:24}" + "".join(f"{cost:>10.2f}" for cost in (*costs, sum(costs))))
    print(f"of the reference alone 1/{computing[0] / merging[0]:.0f}, ", end="")
    print(f"of both 1/{sum(computing) / sum(merging):.0f}")
    met = sum(merging) <= SHARE * sum(computing)
    print(f"{'met   ' if met else 'MISSED'}  at most 1/{1 / SHARE:.0f} of computing anew")
    same = merged == computed
    print(f"{'met   ' if same else 'MISSED'}  the same results to the last digit")
    return 0 if met and same else 1


def compare(folder: Path, store: Store) -> tuple[list[Result], float, float]:
    """Results of the last day against the days before; what the reference and judging cost."""
    settings = {
        **CONFIG,
        "predictions": {**CONFIG["predictions"], "location": "days"},
        "reference": {"rolling": DAYS},
        "start": LAST.start.date().isoformat(),
    }
    model = Model(ModelConfig.model_validate(settings), root=folder, folder=folder)
    judging = Judging(model.config, "benchmark", __version__)
    with Monitor.open(model, store, now=NOW, run_id="benchmark") as monitor:
        references, reader = monitor.references, monitor.reader
        binning = references.binning()
        rows = reader.rows(reader.predictions, LAST)
        table = references.table_of(LAST, binning, rows)
        labelled = references.labelled_of(LAST, binning, rows)
        began = time.process_time()
        before = references.table(LAST, binning), references.labelled(LAST, binning)
        known = time.process_time()
        found = drift_results(judging, LAST, table, *before[0])
        judged = time.process_time()
        found += performance_results(
            judging, LAST, (labelled, before[1][0]), NOW, final=True, earlier=before[1][1]
        )
        references.keep()
    return found, known - began, judged - known


if __name__ == "__main__":
    sys.exit(main())
