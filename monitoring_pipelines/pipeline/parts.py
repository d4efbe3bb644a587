"""Parts of a window's results, and the metrics that each may have stored."""

from __future__ import annotations

from monitoring_pipelines.alerts.explanation import CAUSES
from monitoring_pipelines.alerts.explanation import DRIFT as DRIFT_EFFECT
from monitoring_pipelines.alerts.triage import RUN
from monitoring_pipelines.metrics import DRIFT, PERFORMANCE, QUALITY, SIGNALS
from monitoring_pipelines.pipeline.classes import NAMES as CLASSES
from monitoring_pipelines.pipeline.fairness import ERRORS, SELECTION
from monitoring_pipelines.pipeline.image_change import IMAGE_CHANGE
from monitoring_pipelines.pipeline.images import UNREADABLE as UNREADABLE_IMAGES
from monitoring_pipelines.pipeline.judges import NEW_JUDGES
from monitoring_pipelines.pipeline.llm_source import UNLOGGED, UNREADABLE
from monitoring_pipelines.pipeline.sanity import NAMES
from monitoring_pipelines.pipeline.scorecard import ESTIMATION_ERROR
from monitoring_pipelines.pipeline.signals import PROMPT_REGRESSION

PARTS = ("predictions", "quality", "drift", "estimated_performance", "signals")
LABELS_READABLE = "labels_readable"
# names that a part may have stored before; a run replaces them, also those that it no longer has
METRICS_OF: dict[str, set[str]] = {
    "predictions": {
        RUN,
        "volume",
        "staleness",
        "schema",
        "undated_rows",
        "readable",
        UNREADABLE,
        UNLOGGED,
    },
    "quality": {*QUALITY, *NAMES, "duplicate_rate", UNREADABLE_IMAGES},
    "drift": {*DRIFT, DRIFT_EFFECT, IMAGE_CHANGE},
    "estimated_performance": {*PERFORMANCE},
    "signals": {*SIGNALS, PROMPT_REGRESSION},
    "selection": {*SELECTION},
    "errors": {*ERRORS},
    "performance": {
        *PERFORMANCE,
        *CAUSES,
        *CLASSES,
        ESTIMATION_ERROR,
        "label_coverage",
        NEW_JUDGES,
        LABELS_READABLE,
    },
}
