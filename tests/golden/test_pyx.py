"""Published models' probabilities on MNIST, IMDB and 20 newsgroups, against scikit-learn.

Accuracy, top-k and the expected calibration error are computed independently, row by row.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.reading import Reader
from tests.golden.public_data import columns
from tests.pipeline.lab import Lab

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.summaries.labelled import LabelledSummary

START = datetime(2026, 1, 1, tzinfo=UTC)
CLASSES = {"mnist": 10, "20news": 20, "imdb": 2}


def lab_of(root: Path, name: str, rows_per_hour: int, order: Any = None) -> Lab:
    """The rows of a set as a log by the hour, three hours of reference first."""
    found = columns(f"cleanlab_pyx/{name}_test.parquet")
    k, n = CLASSES[name], len(found["label"])
    order = np.arange(n) if order is None else order(n)
    proba = np.column_stack([found[f"p_{i}"] for i in range(k)]).astype(np.float64)[order]
    seconds = np.arange(n) * (3600 / rows_per_hour)
    log = pd.DataFrame(
        {f"p{i}": proba[:, i] for i in range(k)}
        | {"id": np.arange(n), "said": proba.argmax(axis=1), "label": found["label"][order]}
    )
    log["at"] = pd.to_datetime([START + timedelta(seconds=float(s)) for s in seconds], utc=True)
    log["at"] = log["at"].astype("datetime64[us, UTC]")
    log.to_parquet(root / "log.parquet")
    roles = {"id": "id", "timestamp": "at", "prediction": "said"}
    roles |= {"prediction_proba": {str(i): f"p{i}" for i in range(k)}}  # type: ignore[dict-item]
    config = ModelConfig.model_validate(
        {
            "name": "model",
            "task": "multiclass_classification",
            "predictions": {"location": "log.parquet", "columns": roles},
            "labels": {"columns": {"label": "label"}},
            "reference": {"start": str(START), "end": str(START + timedelta(hours=3))},
            "window": "hour",
        }
    )
    return Lab(root, config)


def whole(lab: Lab) -> tuple[LabelledSummary, pd.DataFrame]:
    """The summary of the whole log, and the log."""
    reader = Reader.open(lab.model)
    rows = reader.rows(reader.predictions, None)
    summary = reader.labelled(rows, lab.now)[""]
    reader.close()
    return summary, pd.read_parquet(lab.root / "log.parquet")


@pytest.mark.parametrize("name", ["mnist", "20news"])
def test_accuracy_top_k_and_calibration(tmp_path: Path, name: str) -> None:
    from monitoring_pipelines.metrics import PERFORMANCE

    lab = lab_of(tmp_path, name, 10_000)
    summary, log = whole(lab)
    # by the order of names, as text: it decides between equal probabilities
    names = sorted(map(str, range(CLASSES[name])))
    proba = log[[f"p{i}" for i in names]].to_numpy()
    label = np.searchsorted(names, log["label"].astype(str))
    said = np.searchsorted(names, log["said"].astype(str))
    sure, right = proba.max(axis=1), said == label
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs((sure[bins == b] - right[bins == b]).sum()) for b in range(10)]
    classes = list(range(CLASSES[name]))
    expected = {
        "accuracy": metrics.accuracy_score(label, said),
        "top_3_accuracy": metrics.top_k_accuracy_score(label, proba, k=3, labels=classes),
        "top_5_accuracy": metrics.top_k_accuracy_score(label, proba, k=5, labels=classes),
        "confidence_error": sum(gaps) / len(label),
    }
    for metric, value in expected.items():
        assert PERFORMANCE[metric].compute(summary) == pytest.approx(value, abs=1e-9), metric
    if name == "20news":  # known to be far less sure than it is right
        assert expected["confidence_error"] == pytest.approx(0.20, abs=0.01)
    lab.store.engine.dispose()


def test_label_issues_of_mnist_hold_the_known_label_errors(tmp_path: Path) -> None:
    """15 label errors were found by people among rows that confident learning gave them."""
    lab = lab_of(tmp_path, "mnist", 10_000)
    summary, _ = whole(lab)
    assert summary.ranked is not None
    assert 15 <= summary.ranked.n_issues <= 150
    lab.store.engine.dispose()


def test_windows_of_one_class_are_unknown(tmp_path: Path) -> None:
    """IMDB's rows are sorted by class: an area under the curve has no meaning in a chunk."""

    def mixed_first(n: int) -> Any:
        mixed = np.random.default_rng(0).permutation(n)
        return np.concatenate([mixed[:7500], np.sort(mixed[7500:])])

    lab = lab_of(tmp_path, "imdb", 2_500, mixed_first)
    windows = [lab.model.window(START + timedelta(hours=hour)) for hour in (3, 9)]
    lab.run(*windows)
    for window in windows:
        found = lab.realised(window, "macro_roc_auc")
        assert found.verdict is Verdict.UNKNOWN
        assert "class" in found.reason
        assert lab.realised(window, "accuracy").value is not None
    lab.store.engine.dispose()
