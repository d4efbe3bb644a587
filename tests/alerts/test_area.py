"""Every metric belongs to one part of a model's health."""

from __future__ import annotations

import pytest

from monitoring_pipelines.alerts.area import Area, area
from monitoring_pipelines.metrics import DRIFT, FAIRNESS, PERFORMANCE, QUALITY, SANITY, SIGNALS
from monitoring_pipelines.pipeline.parts import METRICS_OF

PARTS = {
    "predictions": Area.DATA,
    "quality": Area.DATA,
    "drift": Area.DRIFT,
    "estimated_performance": Area.PERFORMANCE,
    "signals": Area.PERFORMANCE,
    "selection": Area.FAIRNESS,
    "errors": Area.FAIRNESS,
    "performance": Area.PERFORMANCE,
}


@pytest.mark.parametrize("part", METRICS_OF)
def test_a_part_of_a_run_is_one_area(part: str) -> None:
    # what drift does to the performance explains the performance
    wrong = {m for m in METRICS_OF[part] - {"drift_effect"} if area(m) is not PARTS[part]}
    assert wrong == set()


def test_registered_metrics_and_names_with_a_beginning() -> None:
    assert {area(name) for name in DRIFT} == {Area.DRIFT}
    assert {area(name) for name in (*PERFORMANCE, *SIGNALS)} == {Area.PERFORMANCE}
    assert {area(name) for name in FAIRNESS} == {Area.FAIRNESS}
    assert {area(name) for name in (*QUALITY, *SANITY, "expectation:x", "run")} == {Area.DATA}
    assert area("gov_11_fairness") is Area.GOVERNANCE
    assert area("sec_05_canaries") is Area.SECURITY
