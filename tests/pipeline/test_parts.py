"""Every registered number belongs to a part, so that a run can replace it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.metrics import DRIFT, FAIRNESS, PERFORMANCE, QUALITY, SANITY, SIGNALS
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.parts import METRICS_OF, PARTS, WindowReport
from tests.pipeline.lab import Lab

if TYPE_CHECKING:
    from pathlib import Path


def test_a_report_counts_its_verdicts(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    judging = Judging(lab.config, "run", "1")
    unknown = judging.unknown(lab.day(2), "volume", 0, "no rows")
    report = WindowReport(lab.day(2), {"predictions": [unknown, unknown]})
    assert report.sentence == "2 unknown"
    assert (report.of("predictions"), report.of("drift")) == ([unknown, unknown], [])
    assert WindowReport(lab.day(2), {}).sentence == "nothing to judge"


def test_every_metric_is_of_a_part() -> None:
    known = {name for names in METRICS_OF.values() for name in names}
    assert {*DRIFT, *FAIRNESS, *PERFORMANCE, *QUALITY, *SANITY, *SIGNALS} <= known


def test_every_part_of_the_first_step_has_its_metrics() -> None:
    assert {*PARTS} <= {*METRICS_OF}
