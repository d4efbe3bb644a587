"""Calls that failed, and what of; `error_rate` is what pages of an LLM application by default."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS
from monitoring_pipelines.metrics.rate import rate

_KINDS = {
    "rate_limit": "were refused for too many calls or tokens (429)",
    "server": "failed at the provider (5xx)",
    "timeout": "ran out of time",
    "auth": "were not allowed (401, 403)",
}

METRICS = (
    rate("error_rate", "LLM-08", "Share of calls that failed.", Task.LLM, "status", {"error"}),
    *(
        rate(
            f"{kind}_rate", "LLM-08", f"Share of calls that {what}.", Task.LLM, "error_kind", {kind}
        )
        for kind, what in _KINDS.items()
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
