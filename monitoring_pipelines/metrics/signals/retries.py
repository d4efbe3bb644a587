"""Answers that took more than one attempt, and prompts that came from the provider's cache."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS, Direction
from monitoring_pipelines.metrics.rate import rate

METRICS = (
    rate(
        "retry_rate",
        "LLM-15",
        "Share of calls with a retry or a fallback before the answer.",
        Task.LLM,
        "is_retried",
        {"1"},
        tolerance=0.03,
    ),
    rate(
        "cache_use_rate",
        "LLM-21",
        "Share of calls whose prompt came in part from the cache.",
        Task.LLM,
        "uses_cache",
        {"1"},
        tolerance=0.2,
        direction=Direction.LOWER_IS_WORSE,
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
