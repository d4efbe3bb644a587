"""Where images lie, and what a vision model needs."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.images import Images
from monitoring_pipelines.config.model import ModelConfig


def vision(images: Any, **columns: Any) -> dict[str, Any]:
    return {
        "name": "shapes",
        "task": "vision_classification",
        "predictions": {
            "location": "log.parquet",
            "columns": {"timestamp": "at", "prediction": "shape"} | columns,
        }
        | ({"images": images} if images else {}),
        "reference": {"start": "2026-01-01", "end": "2026-01-03"},
    }


def test_defaults() -> None:
    images = Images(column="path", location="images.zip")
    assert (images.max_pixels, images.max_bytes) == (50_000_000, 50_000_000)
    config = ModelConfig.model_validate(vision({"column": "path"}))
    assert config.primary_metric == "accuracy"
    with_proba = vision({"column": "path"}, prediction_proba={"a": "p_a", "b": "p_b"})
    assert ModelConfig.model_validate(with_proba).primary_metric == "macro_roc_auc"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (vision(None), "A vision model needs `predictions.images`: where its images are."),
        (vision({"column": "path"}, prediction=None), "A multiclass model needs"),
        (vision({"colum": "path"}), "Unknown key 'colum'. Did you mean 'column'?"),
        (vision({"column": "path", "max_pixels": 0}), "greater than or equal to 1"),
    ],
)
def test_what_cannot_be(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said.replace("?", r"\?")):
        ModelConfig.model_validate(values)
