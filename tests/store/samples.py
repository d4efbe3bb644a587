"""Results and summaries to store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window

MODEL = "credit_default"
AS_OF = datetime(2026, 3, 10, 8, tzinfo=UTC)


def day(number: int) -> Window:
    """The window of one day of March 2026."""
    start = datetime(2026, 3, number, tzinfo=UTC)
    return Window(start, start + timedelta(days=1))


def result(**changes: Any) -> Result:
    """A result of 1 March; every field has a value of its own, so a swap is seen."""
    fields: dict[str, Any] = {
        "model": MODEL,
        "window": day(1),
        "segment": "country=DE",
        "metric": "psi",
        "column": "income",
        "as_of": AS_OF,
        "value": 0.1,
        "low": 0.05,
        "high": 0.2,
        "n": 1_000,
        "reference_value": 0.01,
        "noise_floor": 0.02,
        "tolerance": 0.15,
        "verdict": Verdict.WARN,
        "reason": "0.10 is above 0.02",
        "status": Status.PROVISIONAL,
        "label_coverage": 0.5,
        "model_version": "v7",
        "config_hash": "abc",
        "code_version": "1.0",
        "run_id": "r1",
    }
    return Result(**{**fields, **changes})
