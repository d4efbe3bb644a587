"""What a task of an agent takes: steps, calls of tools, tokens, money, time, and helpers."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS
from monitoring_pipelines.metrics.quantity import mean, quantile, total
from monitoring_pipelines.metrics.rate import rate

_PER_TASK = {
    "steps": ("steps", "calls of models"),
    "tool_calls": ("tool_calls", "calls of tools"),
    "task_tokens": ("input_tokens", "tokens of prompts"),
    "task_duration": ("duration_ms", "milliseconds"),
}

METRICS = (
    *(
        quantile(
            f"{name}_p95",
            "AGT-02",
            f"95 of 100 tasks have at most so many {what}.",
            Task.AGENT,
            column,
            0.95,
        )
        for name, (column, what) in _PER_TASK.items()
    ),
    mean("cost_per_task", "AGT-02", "US dollars per priced task.", Task.AGENT, "cost_usd"),
    total("task_cost_total", "AGT-02", "US dollars of all priced calls.", Task.AGENT, "cost_usd"),
    quantile(
        "agents_p95",
        "AGT-12",
        "95 of 100 tasks have at most so many agents.",
        Task.AGENT,
        "n_agents",
        0.95,
    ),
    quantile(
        "fan_out_p95",
        "AGT-12",
        "In 95 of 100 tasks an agent calls at most so many others.",
        Task.AGENT,
        "fan_out",
        0.95,
    ),
    rate(
        "deep_delegation_rate",
        "AGT-12",
        "Share of tasks in which more than three agents stand one below another.",
        Task.AGENT,
        "is_deep",
        {"1"},
        tolerance=0.01,
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
