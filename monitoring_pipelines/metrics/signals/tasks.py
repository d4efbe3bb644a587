"""How tasks of agents end; `failed_task_rate` is what pages of an agent by default."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS
from monitoring_pipelines.metrics.rate import rate

METRICS = (
    rate(
        "failed_task_rate",
        "AGT-10",
        "Share of tasks that failed, ended in an error, or went in a loop.",
        Task.AGENT,
        "state",
        {"failed", "loop"},
        tolerance=0.05,
    ),
    rate(
        "loop_rate",
        "AGT-01",
        "Share of tasks with the same call of a tool, or the same long answer, three times.",
        Task.AGENT,
        "is_loop",
        {"1"},
        tolerance=0.01,
    ),
    rate(
        "tool_error_rate",
        "AGT-03",
        "Share of tasks with tools in which one failed.",
        Task.AGENT,
        "tool_trouble",
        {"some", "many"},
        tolerance=0.05,
    ),
    rate(
        "many_tool_errors_rate",
        "AGT-03",
        "Share of tasks with tools in which three calls of tools or more failed.",
        Task.AGENT,
        "tool_trouble",
        {"many"},
    ),
    rate(
        "tool_failure_rate",
        "AGT-03",
        "Of each tool, by `column`: share of its calls that failed.",
        Task.AGENT,
        "is_hit",
        {"1"},
        tolerance=0.05,
        each="tool_counts",
    ),
    rate(
        "malformed_call_rate",
        "AGT-04",
        "Share of tasks in which a call of a tool could not be read, or was asked for again.",
        Task.AGENT,
        "is_malformed",
        {"1"},
        tolerance=0.01,
    ),
    rate(
        "other_tool_rate",
        "AGT-05",
        "Share of tasks that used a tool which is not in `signals.tools`.",
        Task.AGENT,
        "uses_other_tools",
        {"1"},
        tolerance=0.0,
    ),
    rate(
        "unfinished_rate",
        "AGT-10",
        "Share of tasks that end with a call of a tool and no answer.",
        Task.AGENT,
        "state",
        {"unfinished"},
        tolerance=0.05,
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
