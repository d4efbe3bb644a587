"""What guardrails and content filters saw and did, and whether they were asked at all."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS, Direction
from monitoring_pipelines.metrics.rate import rate

METRICS = (
    rate(
        "guardrail_rate",
        "LLM-11",
        "Share of guarded calls in which the guardrail blocked or masked.",
        Task.LLM,
        "guardrail",
        {"blocked", "masked", "intervened"},
    ),
    rate(
        "guardrail_detect_rate",
        "LLM-11",
        "Share of guarded calls in which the guardrail saw something and let it pass.",
        Task.LLM,
        "guardrail",
        {"detected"},
    ),
    rate(
        "guardrail_category_rate",
        "LLM-11",
        "Of each category, by `column`: share of guarded calls in which the guardrail saw it.",
        Task.LLM,
        "is_hit",
        {"1"},
        each="category_counts",
    ),
    rate(
        "content_filter_rate",
        "LLM-11",
        "Share of answers that a content filter or guardrail ended.",
        Task.LLM,
        "ending",
        {"content_filter", "guardrail"},
    ),
    rate(
        "guardrail_coverage",
        "LLM-12",
        "Share of all calls that a guardrail looked at.",
        Task.LLM,
        "guardrail",
        None,
        direction=Direction.LOWER_IS_WORSE,
        of_all=True,
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
