"""Tokens of prompts and answers."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS
from monitoring_pipelines.metrics.quantity import quantile, total

_OF = {"input_tokens": "prompts", "output_tokens": "answers"}

METRICS = (
    *(
        quantile(
            f"{column}_p{q}",
            "LLM-03",
            f"{name} tokens of {what}.",
            Task.LLM,
            column,
            q / 100,
        )
        for column, what in _OF.items()
        for q, name in ((50, "Median of the"), (95, "95 of 100 calls have at most so many"))
    ),
    *(
        total(f"{column}_total", "LLM-03", f"All tokens of {what}.", Task.LLM, column)
        for column, what in _OF.items()
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
