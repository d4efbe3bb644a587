"""What a monitored model does."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """Kind of model; it decides which performance metrics there are."""

    BINARY = "binary_classification"
    MULTICLASS = "multiclass_classification"
    REGRESSION = "regression"
    VISION = "vision_classification"

    @property
    def judged_as(self) -> Task:
        """The task whose metrics it has: what a picture shows is one of several classes."""
        return Task.MULTICLASS if self is Task.VISION else self
