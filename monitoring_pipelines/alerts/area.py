"""What a result is about, in the words in which people look at a model."""

from __future__ import annotations

from enum import StrEnum

from monitoring_pipelines.alerts.explanation import EXPLAINING
from monitoring_pipelines.alerts.triage import GOVERNANCE, SECURITY
from monitoring_pipelines.metrics import DRIFT, FAIRNESS, PERFORMANCE, SIGNALS

# of the performance and of drift, though they are no registered metric of either
_PERFORMANCE = EXPLAINING | {
    "label_coverage", "labels_readable", "estimation_error", "class_recall", "class_precision",
    "confused_classes", "prompt_regression", "new_judge_rate",
}  # fmt: skip
_DRIFT = frozenset({"drift", "image_change"})


class Area(StrEnum):
    """Parts of a model's health, what matters most first."""

    PERFORMANCE = "performance"
    DATA = "data"
    FAIRNESS = "fairness"
    SECURITY = "security"
    GOVERNANCE = "governance"
    DRIFT = "drift"


def area(metric: str) -> Area:
    """The part that a metric tells of.

    >>> area("roc_auc").value, area("sec_07_secrets").value, area("expectation:x").value
    ('performance', 'security', 'data')
    """
    if metric.startswith(GOVERNANCE):
        return Area.GOVERNANCE
    if metric.startswith(SECURITY):
        return Area.SECURITY
    if metric in DRIFT or metric in _DRIFT:
        return Area.DRIFT
    if metric in FAIRNESS:
        return Area.FAIRNESS
    is_performance = metric in PERFORMANCE or metric in SIGNALS or metric in _PERFORMANCE
    return Area.PERFORMANCE if is_performance else Area.DATA
