"""How long callers wait, to the end and for the first token; durations that cannot be."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS
from monitoring_pipelines.metrics.quantity import quantile
from monitoring_pipelines.metrics.rate import rate

METRICS = (
    quantile(
        "latency_p50", "LLM-07", "Median milliseconds to the end.", Task.LLM, "latency_ms", 0.5
    ),
    quantile(
        "latency_p95",
        "LLM-07",
        "95 of 100 calls take at most so long.",
        Task.LLM,
        "latency_ms",
        0.95,
    ),
    quantile(
        "latency_p99",
        "LLM-07",
        "99 of 100 calls take at most so long.",
        Task.LLM,
        "latency_ms",
        0.99,
    ),
    quantile(
        "ttft_p95",
        "LLM-07",
        "95 of 100 calls have their first token after so many milliseconds.",
        Task.LLM,
        "ttft_ms",
        0.95,
    ),
    rate(
        "negative_latency_rate",
        "LLM-07",
        "Share of calls with a negative duration, which no other number counts.",
        Task.LLM,
        "is_negative_latency",
        {"1"},
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
