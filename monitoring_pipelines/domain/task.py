"""What a monitored model does."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """Kind of model; it decides which performance metrics there are.

    A row of an `LLM` application is a call of a model, one of an `AGENT` a task or session.
    """

    BINARY = "binary_classification"
    MULTICLASS = "multiclass_classification"
    REGRESSION = "regression"
    VISION = "vision_classification"
    LLM = "llm"
    AGENT = "agent"

    @property
    def judged_as(self) -> Task:
        """The task whose metrics it has: what a picture shows is one of several classes."""
        return Task.MULTICLASS if self is Task.VISION else self

    @property
    def tells_outcome(self) -> bool:
        """Whether a row of the log itself tells how it went, without any label."""
        return self in {Task.LLM, Task.AGENT}

    @property
    def has_number_labels(self) -> bool:
        """Whether a label is a number (a truth, or a score), and not a class."""
        return self is Task.REGRESSION or self.tells_outcome
