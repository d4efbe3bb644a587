"""What guardrails did, and how many calls they looked at."""

from __future__ import annotations

from monitoring_pipelines.metrics import SIGNALS
from monitoring_pipelines.summaries.activity import Activity
from tests.metrics.signals.value import of_levels

SEEN = {"clear": 4, "blocked": 1, "masked": 1, "intervened": 1, "detected": 3}


def test_acting_and_looking_on_are_apart() -> None:
    assert of_levels("guardrail_rate", "guardrail", **SEEN) == 0.3
    assert of_levels("guardrail_detect_rate", "guardrail", **SEEN) == 0.3
    assert of_levels("content_filter_rate", "ending", stop=6, content_filter=1, guardrail=1) == 0.25


def test_coverage_is_of_all_calls_and_worse_if_lower() -> None:
    coverage = SIGNALS["guardrail_coverage"]
    assert coverage.compute(Activity(20, {"guardrail": SEEN})) == 0.5
    assert coverage.direction.value == "lower_is_worse"
