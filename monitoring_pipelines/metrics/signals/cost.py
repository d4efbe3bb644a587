"""What calls cost by list price, and calls that no price is known of."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS
from monitoring_pipelines.metrics.quantity import mean, total
from monitoring_pipelines.metrics.rate import rate

METRICS = (
    total("cost_total", "LLM-04", "US dollars of all priced calls.", Task.LLM, "cost_usd"),
    mean("cost_per_call", "LLM-04", "US dollars per priced call.", Task.LLM, "cost_usd"),
    rate(
        "unpriced_rate",
        "LLM-06",
        "Share of calls with tokens of a model that the price table lacks.",
        Task.LLM,
        "price_status",
        {"unpriced"},
        tolerance=0.01,
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
