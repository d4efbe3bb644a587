"""NannyML's credit cards of three classes, against scikit-learn and the printed tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.golden.public_data import columns, oracle
from tests.metrics.samples import confusion, score_table

CLASSES = ("highstreet_card", "prepaid_card", "upmarket_card")


@pytest.fixture(scope="module")
def rows() -> dict[str, Any]:
    analysis = columns("nannyml_misc/multiclass_analysis.parquet")
    targets = columns("nannyml_misc/multiclass_targets.parquet")
    assert (analysis["id"] == targets["id"]).all()
    return {**analysis, "y_true": targets["y_true"]}


def chunk(rows: dict[str, Any], place: int, *, divided: bool) -> LabelledSummary:
    chosen = slice(6_000 * place, 6_000 * (place + 1))
    score = np.column_stack([rows[f"y_pred_proba_{name}"][chosen] for name in CLASSES])
    if divided:  # as the oracle does; it parts scores that tied at two digits
        score = score / score.sum(axis=1, keepdims=True)
    label = np.searchsorted(CLASSES, rows["y_true"][chosen].astype(str)).astype(np.int64)
    decided = np.searchsorted(CLASSES, rows["y_pred"][chosen].astype(str)).astype(np.int64)
    tables = {
        name: score_table((label == i).astype(np.int64), score[:, i])
        for i, name in enumerate(CLASSES)
    }
    table = confusion(label, decided, CLASSES)
    return LabelledSummary(len(label), len(label), confusion=table, class_scores=tables)


def test_performance_by_chunk(rows: dict[str, Any]) -> None:
    same = {"accuracy": "accuracy", "f1_macro": "macro_f1", "recall_macro": "balanced_accuracy"}
    same["roc_auc_ovr_macro"] = "macro_roc_auc"
    for place, numbers in enumerate(oracle("nannyml_misc")["multiclass"]["analysis_chunks_6000"]):
        summary = chunk(rows, place, divided=True)
        assert summary.confusion is not None
        assert summary.confusion.counts.tolist() == numbers["confusion_rows_true"]
        for theirs, ours in same.items():
            value = PERFORMANCE[ours].compute(summary)
            assert value == pytest.approx(numbers[theirs], abs=1e-9), (place, ours)


def test_the_numbers_are_those_that_are_printed(rows: dict[str, Any]) -> None:
    """Realised performance of the ten analysis chunks, six digits, in NannyML's tutorials."""
    areas = [0.907595, 0.910534, 0.909414, 0.911577, 0.907533]
    areas += [0.748588, 0.751137, 0.756399, 0.758561, 0.753937]
    f1 = [0.557112, 0.559148, 0.565055, 0.563897, 0.561644]
    chunks = [chunk(rows, place, divided=False) for place in range(10)]
    ours = [PERFORMANCE["macro_roc_auc"].compute(summary) for summary in chunks]
    assert ours == pytest.approx(areas, abs=6e-7)
    ours = [PERFORMANCE["macro_f1"].compute(summary) for summary in chunks[5:]]
    assert ours == pytest.approx(f1, abs=6e-7)
