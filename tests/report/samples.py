"""Windows, results and contents of a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.report.content import Content, Judged

NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


def day(number: int) -> Window:
    """A day after 1 March 2026."""
    start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=number)
    return Window(start, start + timedelta(days=1))


def days(n: int) -> list[Window]:
    return [day(number) for number in range(n)]


def result(number: int = 0, **changes: Any) -> Result:
    """A result of the whole window of a day."""
    fields: dict[str, Any] = {
        "model": "churn",
        "window": day(number),
        "metric": "roc_auc",
        "as_of": NOW,
        "value": 0.8,
        "n": 100,
        "verdict": Verdict.OK,
        "reason": "as ever",
        "status": Status.FINAL,
    }
    return Result(**fields | changes)


def declared(**more: Any) -> ModelConfig:
    values: dict[str, Any] = {
        "name": "churn",
        "task": "binary_classification",
        "owner": "team:growth",
        "predictions": {
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "at", "prediction_score": "score"},
        },
        "labels": {"columns": {"label": "label"}, "maturity": "5d"},
        "reference": {"start": "2026-02-01", "end": "2026-03-01"},
    }
    return ModelConfig.model_validate(values | more)


def content(results: list[Result], n_days: int, **more: Any) -> Content:
    """A page about `results`, of windows since 1 March."""
    newest = max((r.window for r in results), default=day(0))
    fields: dict[str, Any] = {
        "config": declared(),
        "at": NOW,
        "due": days(n_days),
        "judged": [Judged(r.window, r.metric, r.verdict, 1) for r in results],
        "whole": [r for r in results if not r.column and not r.segment],
        "newest": [r for r in results if r.window == newest],
    }
    return Content(**fields | more)
