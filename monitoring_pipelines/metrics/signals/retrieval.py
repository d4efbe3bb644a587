"""What searches for documents find: nothing, or always the same."""

from __future__ import annotations

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import SIGNALS, Direction
from monitoring_pipelines.metrics.rate import rate

METRICS = (
    rate(
        "empty_retrieval_rate",
        "LLM-22",
        "Share of answers whose searches found no document.",
        Task.LLM,
        "retrieval",
        {"empty"},
    ),
    rate(
        "grounded_rate",
        "LLM-22",
        "Share of answers for which a document was found, of all where others search.",
        Task.LLM,
        "has_documents",
        {"1"},
        tolerance=0.05,
        direction=Direction.LOWER_IS_WORSE,
    ),
    rate(
        "document_share",
        "LLM-22",
        "Of each document, by `column`: its share of all that were found.",
        Task.LLM,
        "is_hit",
        {"1"},
        tolerance=0.1,
        each="document_counts",
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
