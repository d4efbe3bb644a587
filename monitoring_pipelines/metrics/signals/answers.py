"""How answers ended: cut off, refused, empty, given before, or of no use as a call of a tool."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS
from monitoring_pipelines.metrics.rate import rate

METRICS = (
    rate(
        "truncation_rate",
        "LLM-09",
        "Share of answers that were cut off: too long, or no room left in the context.",
        Task.LLM,
        "ending",
        {"length", "context_window"},
    ),
    rate(
        "refusal_rate",
        "LLM-10",
        "Share of answers in which the model says that it refuses.",
        Task.LLM,
        "is_refused",
        {"1"},
        tolerance=0.03,
    ),
    rate(
        "malformed_rate",
        "LLM-13",
        "Share of answers that the provider could not read as what was asked for.",
        Task.LLM,
        "ending",
        {"malformed_tool"},
        tolerance=0.01,
    ),
    rate(
        "invalid_output_rate",
        "LLM-13",
        "Share of answers that do not fit the form that they were asked for.",
        Task.LLM,
        "output_valid",
        {"0"},
        tolerance=0.01,
    ),
    rate("empty_rate", "LLM-14", "Share of empty answers.", Task.LLM, "answer", {"empty"}),
    rate(
        "repeated_answer_rate",
        "LLM-14",
        "Share of answers that an earlier call of the window had to the letter.",
        Task.LLM,
        "answer",
        {"repeated"},
        tolerance=0.05,
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
