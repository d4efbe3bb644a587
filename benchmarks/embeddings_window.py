"""``python -m benchmarks.embeddings_window decode|judge FOLDER``: one part, to be measured."""

from __future__ import annotations

import sys
from pathlib import Path


def decode(folder: Path) -> None:
    """Read every vector and do nothing with it."""
    from pyarrow import parquet

    for batch in parquet.ParquetFile(folder / "log.parquet").iter_batches(2_048, columns=["v"]):
        batch.column(0).flatten().to_numpy().sum()


def judge(folder: Path) -> None:
    """Fit the first day, summarise both days and judge the second, as `mlmon run` does."""
    from datetime import UTC, datetime

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.pipeline.run import Monitor
    from monitoring_pipelines.store.database import Store

    config = ModelConfig.model_validate(
        {
            "name": "texts",
            "task": "binary_classification",
            "predictions": {
                "location": "log.parquet",
                "columns": {"id": "id", "timestamp": "at", "prediction": "id"},
            },
            "reference": {"start": "2026-01-01", "end": "2026-01-02"},
            "embeddings": {"text": {"column": "v"}},
        }
    )
    model, now = Model(config, folder, folder), datetime(2026, 2, 1, tzinfo=UTC)
    store = Store.open(f"sqlite:///{folder / 'monitoring.db'}")
    with Monitor.open(model, store, now=now, run_id="run") as monitor:
        report = monitor.at_once(model.window(datetime(2026, 1, 2, tzinfo=UTC)))
    print(report.sentence)


if __name__ == "__main__":
    {"decode": decode, "judge": judge}[sys.argv[1]](Path(sys.argv[2]))
