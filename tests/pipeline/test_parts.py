"""Every registered number belongs to a part, so that a run can replace it."""

from __future__ import annotations

from monitoring_pipelines.metrics import DRIFT, FAIRNESS, PERFORMANCE, QUALITY, SANITY, SIGNALS
from monitoring_pipelines.pipeline.parts import METRICS_OF, PARTS


def test_every_metric_is_of_a_part() -> None:
    known = {name for names in METRICS_OF.values() for name in names}
    assert {*DRIFT, *FAIRNESS, *PERFORMANCE, *QUALITY, *SANITY, *SIGNALS} <= known


def test_every_part_of_the_first_step_has_its_metrics() -> None:
    assert {*PARTS} <= {*METRICS_OF}
