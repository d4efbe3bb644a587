"""Names of tasks are what people write in YAML, so they are a contract."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task


def test_names() -> None:
    assert {task.value for task in Task} >= {
        "binary_classification",
        "multiclass_classification",
        "regression",
    }
