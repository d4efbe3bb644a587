"""What `mlmon init` assumes of public logs, whose roles a person knows from their documentation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from monitoring_pipelines.pipeline.draft import draft
from tests.golden.public_data import folder

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NANNYML = {"id": "id", "timestamp": "timestamp"}
CARDS = ("prepaid_card", "highstreet_card", "upmarket_card")


def drafted(log: str, labels: str | None = None) -> dict[str, Any]:
    made = draft(log, labels, None, folder(), NOW)
    found: dict[str, Any] = yaml.safe_load(made.yaml)["attributes"]
    return found


@pytest.mark.parametrize(
    ("log", "labels", "task", "columns", "truth"),
    [
        (
            "nannyml_car_loan/analysis.parquet", "nannyml_car_loan/targets.parquet",
            "binary_classification",
            {**NANNYML, "prediction_score": "y_pred_proba", "prediction": "y_pred"}, "repaid",
        ),
        (
            "nannyml_misc/multiclass_analysis.parquet", "nannyml_misc/multiclass_targets.parquet",
            "multiclass_classification",
            {
                **NANNYML, "prediction": "y_pred",
                "prediction_proba": {name: f"y_pred_proba_{name}" for name in CARDS},
            },
            "y_true",
        ),
        (
            "nannyml_misc/wfh_reference.parquet", None, "binary_classification",
            {**NANNYML, "prediction_score": "y_pred_proba", "prediction": "y_pred"},
            "work_home_actual",
        ),
    ],
)  # fmt: skip
def test_the_roles_are_found(
    log: str, labels: str | None, task: str, columns: dict[str, Any], truth: str
) -> None:
    found = drafted(log, labels)
    assert found["task"] == task
    assert found["predictions"]["columns"] == columns
    assert found["labels"]["columns"] == {"label": truth}
