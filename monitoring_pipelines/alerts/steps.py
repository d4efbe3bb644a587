"""What to do next, by what went wrong."""

from __future__ import annotations

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.triage import RUN, UPSTREAM

_CLOSES = "run the window again: the alert closes by itself."
_BY_CAUSE = {
    Cause.PERFORMANCE: (
        "Look at the drift of the same window: it says which feature or segment moved.",
        "Check what changed since then: model version, upstream data, label source.",
        "Decide on roll-back or retraining.",
    ),
    Cause.DATA_CONTRACT: (
        "Ask the owner of the upstream data what changed in this window.",
        "If the change is intended, update the contract or the reference period.",
        f"If it is not, repair the data and {_CLOSES}",
    ),
    Cause.FAIRNESS: (
        "Compare with the other groups: the results of this window have all of them.",
        "Check what changed since the reference: the population, a feature, the threshold.",
        "Tell whoever answers for the model's fairness, before it decides on.",
    ),
    Cause.SILENCE: (
        "Check whether the model still serves, or only its log is not delivered.",
        f"When the data are there, {_CLOSES}",
    ),
    Cause.GOVERNANCE: (
        "Keep the promise, or change the card: mlmon coverage MODEL shows every rule.",
        "Approve a version by mlmon approve; make an exception by mlmon exception.",
        "The alert closes with the next window that is fine.",
    ),
    Cause.SECURITY: (
        "Look at the rows of this window in the log itself: no value of them is kept here.",
        "If it is an attack or a leak, follow your plan for it, and rotate what may have got out.",
        "If it is expected, say so under security in the model: mlmon coverage MODEL has the ids.",
    ),
}
_LABELS = (
    "Check whether the label source still delivers, and whether its ids still match.",
    f"When the labels are there, {_CLOSES}",
)
_LOG = (
    "Check that the log is where the configuration says, and that this process may read it.",
    f"When it can be read, {_CLOSES}",
)
_BY_METRIC = {
    RUN: (
        "Open the run: its log names the step that failed and why.",
        f"When that is mended, {_CLOSES}",
    ),
    UPSTREAM: (
        "Open the newest run of that asset: its log names the step that failed and why.",
        "When it is materialized again, this closes.",
    ),
    "label_coverage": _LABELS,
    "labels_readable": _LABELS,
    "readable": _LOG,
}


def steps(cause: Cause, metric: str) -> tuple[str, ...]:
    """One to three things to do about a breach of `metric`."""
    return _BY_METRIC.get(metric, _BY_CAUSE[cause])
