"""NannyML's logs, their chunks laid on days and run as models, against scikit-learn's numbers.

A chunk of rows becomes a day, so that windows are the chunks that NannyML's tables show. The
numbers are scikit-learn's on the rows. Not the same by convention, and so not compared here: the
multiclass AUC, for which the oracle divides each row's rounded probabilities by their sum (see
`test_multiclass.py`), and NannyML's thresholds, which are three standard deviations of chunks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from monitoring_pipelines.domain.verdict import Verdict
from tests.golden.public_data import folder, oracle
from tests.pipeline.lab import Lab, declared

if TYPE_CHECKING:
    from pathlib import Path

CHUNKS = 10


def laid_on_days(frame: pd.DataFrame, size: int, first: str) -> pd.DataFrame:
    """Row i lies on day ``i // size``."""
    place = np.arange(len(frame))
    days = pd.Timestamp(first, tz="UTC") + pd.to_timedelta(place // size, unit="D")
    within = pd.to_timedelta((place % size) * (86_399 / size), unit="s")
    return frame.assign(at=(days + within).as_unit("us")).drop(columns="timestamp")


def put(lab: Lab, name: str, label: str, size: int) -> None:
    data = folder() / name.rsplit("/", 1)[0]
    prefix = name.rsplit("/", 1)[1]
    reference = pd.read_parquet(data / f"{prefix}reference.parquet")
    analysis = pd.read_parquet(data / f"{prefix}analysis.parquet")
    targets = pd.read_parquet(data / f"{prefix}targets.parquet")
    log = pd.concat(
        [
            laid_on_days(reference.drop(columns=label), size, "2026-01-01"),
            laid_on_days(analysis, size, f"2026-01-{1 + CHUNKS:02}"),
        ],
        ignore_index=True,
    )
    log.to_parquet(lab.root / "log.parquet")
    truth = pd.concat([reference[["id", label]], targets], ignore_index=True)
    truth.to_parquet(lab.root / "labels.parquet")


def monitored(lab: Lab, columns: dict[str, Any], label: str, **more: Any) -> None:
    lab.config = declared(
        predictions={
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "at"} | columns,
        },
        labels={"location": "labels.parquet", "columns": {"label": label}},
        reference={"start": "2026-01-01", "end": "2026-01-11"},
        **more,
    )


def values(lab: Lab, metric: str) -> list[float | None]:
    return [result.value for result in lab.results(metric=metric, segment="")]


def test_car_loans(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    put(lab, "nannyml_car_loan/", "repaid", 5_000)
    monitored(lab, {"prediction_score": "y_pred_proba", "prediction": "y_pred"}, "repaid")
    lab.run(*(lab.day(number) for number in range(10, 20)))
    numbers = oracle("nannyml_car_loan")["analysis_chunks_5000"]
    for theirs, ours in (
        ("roc_auc", "roc_auc"),
        ("average_precision", "average_precision"),
        ("brier", "brier_score"),
        ("accuracy", "accuracy"),
        ("f1", "f1"),
        ("precision", "precision"),
        ("recall", "recall"),
    ):
        expected = [part[theirs] for part in numbers]
        assert values(lab, ours) == pytest.approx(expected, abs=1e-6), ours
    # the shift of the features is seen from the sixth chunk on, and only there
    drift = lab.results(metric="jensen_shannon", column="car_value")
    warned = [result.verdict is Verdict.WARN for result in drift]
    assert warned == [False] * 5 + [True] * 5
    assert all(result.verdict is not Verdict.FAIL for result in lab.results(column="car_value"))
    lab.store.engine.dispose()


def test_credit_cards_of_three_classes(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    put(lab, "nannyml_misc/multiclass_", "y_true", 6_000)
    classes = ("highstreet_card", "prepaid_card", "upmarket_card")
    columns = {
        "prediction": "y_pred",
        "prediction_proba": {name: f"y_pred_proba_{name}" for name in classes},
    }
    monitored(lab, columns, "y_true", task="multiclass_classification")
    lab.run(*(lab.day(number) for number in range(10, 20)))
    numbers = oracle("nannyml_misc")["multiclass"]["analysis_chunks_6000"]
    for theirs, ours in (
        ("accuracy", "accuracy"),
        ("f1_macro", "macro_f1"),
        ("recall_macro", "balanced_accuracy"),
    ):
        expected = [part[theirs] for part in numbers]
        assert values(lab, ours) == pytest.approx(expected, abs=1e-6), ours
    # NannyML's tutorials print 0.907595 and 0.748588 for the first and the sixth chunk
    found = values(lab, "macro_roc_auc")
    assert [found[0], found[5]] == pytest.approx([0.907595, 0.748588], abs=6e-7)
    worse = [result.verdict is Verdict.FAIL for result in lab.results(metric="macro_roc_auc")]
    assert worse == [False] * 5 + [True] * 5
    lab.store.engine.dispose()
