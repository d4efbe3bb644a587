"""4,000 photos of 40 objects outdoors in the order they were taken, each as 21 numbers.

Ten scenes of 400 photos; the light and the objects change from one to the next. Shuffled, the same
photos are the negative control.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.verdict import Verdict
from tests.golden.public_data import columns
from tests.pipeline.lab import FIRST, Lab

if TYPE_CHECKING:
    from pathlib import Path

N, PER_SCENE, D = 4_000, 400, 21


def lab_of(root: Path, order: np.ndarray) -> Lab:
    """Scenes as days: the first four are the reference."""
    found = columns("cv_outdoor_stream/outdoor_stream.parquet")
    vectors = np.column_stack([found[f"f{i:02}"] for i in range(D)]).astype(np.float32)[order]
    step = timedelta(days=1) / PER_SCENE
    log = pd.DataFrame({"id": np.arange(N), "seen": list(vectors), "object": found["label"][order]})
    log["at"] = pd.to_datetime([FIRST + i * step for i in range(N)], utc=True)
    log["at"] = log["at"].astype("datetime64[us, UTC]")
    log.to_parquet(root / "log.parquet")
    config = ModelConfig.model_validate(
        {
            "name": "outdoor",
            "task": "multiclass_classification",
            "predictions": {
                "location": "log.parquet",
                "columns": {"id": "id", "timestamp": "at", "prediction": "object"},
            },
            "embeddings": {"photo": {"column": "seen"}},
            "reference": {"start": "2026-01-01", "end": "2026-01-05"},
        }
    )
    return Lab(root, config)


@pytest.mark.parametrize("shuffled", [False, True])
def test_scene_by_scene(tmp_path: Path, shuffled: bool) -> None:
    order = np.random.default_rng(0).permutation(N) if shuffled else np.arange(N)
    lab = lab_of(tmp_path, order)
    for report in lab.at_once(*(lab.day(scene) for scene in range(4, 10))):
        drift = report.results["drift"]
        assert {r.column for r in drift} >= {"photo", "object"}
        warned = {r.column for r in drift if r.verdict is Verdict.WARN}
        assert warned == (set() if shuffled else {"photo", "object"})
    lab.store.engine.dispose()
