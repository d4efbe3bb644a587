"""What a monitored model does."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """Kind of model; it decides which performance metrics there are."""

    BINARY = "binary_classification"
    MULTICLASS = "multiclass_classification"
    REGRESSION = "regression"
