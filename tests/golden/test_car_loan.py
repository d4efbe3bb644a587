"""The synthetic car loans of NannyML's tutorials, against scikit-learn and the printed tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.golden.public_data import columns, folder, oracle
from tests.golden.test_employment import SAME
from tests.metrics.samples import confusion, score_table

# certain and wrong rows count -ln(1e-15) in the oracle and -ln(2^-52) in scikit-learn and here
OTHER_CLIPPING = {"log_loss"}


@pytest.fixture(scope="module")
def rows() -> dict[str, Any]:
    analysis = columns("nannyml_car_loan/analysis.parquet")
    targets = columns("nannyml_car_loan/targets.parquet")
    assert (analysis["id"] == targets["id"]).all()
    return {**analysis, "repaid": targets["repaid"]}


def chunk(rows: dict[str, Any], place: int) -> LabelledSummary:
    chosen = slice(5_000 * place, 5_000 * (place + 1))
    label = rows["repaid"][chosen].astype(np.int64)
    table = confusion(label, rows["y_pred"][chosen].astype(np.int64), ("0", "1"))
    return LabelledSummary(5_000, 5_000, score_table(label, rows["y_pred_proba"][chosen]), table)


def test_performance_by_chunk(rows: dict[str, Any]) -> None:
    for place, numbers in enumerate(oracle("nannyml_car_loan")["analysis_chunks_5000"]):
        summary = chunk(rows, place)
        for theirs, ours in SAME.items():
            if ours in OTHER_CLIPPING:
                continue
            value = PERFORMANCE[ours].compute(summary)
            assert value == pytest.approx(numbers[theirs], abs=1e-9), (place, ours)


def test_log_loss_differs_by_the_clipping_alone(rows: dict[str, Any]) -> None:
    numbers = oracle("nannyml_car_loan")["analysis_chunks_5000"]
    for place in range(10):
        summary = chunk(rows, place)
        assert summary.scores is not None
        table = summary.scores
        ends = (table.scores == 0) * table.positives + (table.scores == 1) * table.negatives
        more = int(ends.sum()) / 5_000 * (52 * np.log(2) - 15 * np.log(10))
        ours = PERFORMANCE["log_loss"].compute(summary)
        # 1 - 1e-15 is no double: the nearest moves a certain row by 0.0008
        assert ours - more == pytest.approx(numbers[place]["log_loss"], abs=1e-5)


def test_the_area_is_the_one_that_is_printed(rows: dict[str, Any]) -> None:
    """Realised ROC AUC per chunk, six digits: "Compare Estimated and Realized Performance"."""
    assert folder()
    printed = [0.970962, 0.970248, 0.976282, 0.967721, 0.969886]
    printed += [0.960050, 0.958530, 0.959041, 0.963094, 0.957556]
    ours = [PERFORMANCE["roc_auc"].compute(chunk(rows, place)) for place in range(10)]
    assert ours == pytest.approx(printed, abs=6e-7)
