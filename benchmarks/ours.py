"""The same window by this package, as the schedule runs it.

``python -m benchmarks.ours FOLDER reference`` fits the bins and summarises the reference, which
happens once in a model's life; ``... FOLDER window`` judges one window: quality, drift and
performance, stored in SQLite. The CPU time without imports goes to ``cpu_s`` in FOLDER.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sklearn.metrics  # noqa: F401 - the metrics load it late, and it is an import all the same

from benchmarks.data import WINDOW_START
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.database import Store

WINDOW = Window(WINDOW_START, WINDOW_START + timedelta(days=1))
CONFIG = {
    "name": "benchmark",
    "task": "binary_classification",
    "predictions": {
        "location": "window.parquet",
        "columns": {
            "timestamp": "predicted_at",
            "prediction": "prediction",
            "prediction_score": "score",
        },
    },
    "labels": {"columns": {"label": "label"}},
    "reference": {"location": "reference.parquet"},
    "window": "day",
    "start": WINDOW_START.date().isoformat(),
}


def main(folder: Path, part: str) -> None:
    began = time.process_time()
    judge(folder, part)
    (folder / "cpu_s").write_text(str(time.process_time() - began))


def judge(folder: Path, part: str) -> None:
    model = Model(ModelConfig.model_validate(CONFIG), root=folder, folder=folder)
    store = Store.open(f"sqlite:///{folder}/monitoring.db")
    now = datetime(2026, 2, 2, tzinfo=UTC)
    with Monitor.open(model, store, now=now, run_id="benchmark") as monitor:
        if part == "reference":
            binning = monitor.references.binning()
            monitor.references.table(WINDOW, binning)
            monitor.references.labelled(WINDOW, binning)
            monitor.references.partitions(WINDOW, binning)
            monitor.references.keep()
            return
        for report in (monitor.at_once(WINDOW), monitor.performance(WINDOW)):
            print(report.sentence)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), sys.argv[2])
