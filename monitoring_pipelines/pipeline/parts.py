"""Parts of a window's results, the metrics that each may have stored, and all that was found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.explanation import CAUSES
from monitoring_pipelines.alerts.explanation import DRIFT as DRIFT_EFFECT
from monitoring_pipelines.alerts.triage import RUN
from monitoring_pipelines.domain.retirement import RETIREMENT
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import DRIFT, PERFORMANCE, QUALITY, SIGNALS
from monitoring_pipelines.pipeline.classes import CLASSES
from monitoring_pipelines.pipeline.fairness import ERRORS, SELECTION
from monitoring_pipelines.pipeline.image_change import IMAGE_CHANGE
from monitoring_pipelines.pipeline.images import UNREADABLE as UNREADABLE_IMAGES
from monitoring_pipelines.pipeline.judges import NEW_JUDGES
from monitoring_pipelines.pipeline.llm_source import UNLOGGED, UNREADABLE
from monitoring_pipelines.pipeline.previous_version import REFERENCE_VERSION
from monitoring_pipelines.pipeline.sanity import NAMES
from monitoring_pipelines.pipeline.scorecard import ESTIMATION_ERROR
from monitoring_pipelines.pipeline.signals import PROMPT_REGRESSION

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.table import TableSummary

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
        REFERENCE_VERSION,
        RETIREMENT,
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


@dataclass(frozen=True, slots=True)
class WindowReport:
    """What one step found in one window; `results` by part (predictions, quality, …).

    `earlier` are results of a step before it that belong to the same asset; `sheet` is the file
    with images to look at.
    """

    window: Window
    results: dict[str, list[Result]]
    table: TableSummary | None = None
    earlier: dict[str, list[Result]] = field(default_factory=dict)
    labelled: LabelledSummary | None = None
    sheet: Path | None = None

    def of(self, part: str) -> list[Result]:
        """Results of one part."""
        return self.results.get(part) or self.earlier.get(part, [])

    @property
    def sentence(self) -> str:
        """Counts of the verdicts."""
        counts = Counter(r.verdict for results in self.results.values() for r in results)
        parts = [f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict]]
        return ", ".join(parts) or "nothing to judge"
