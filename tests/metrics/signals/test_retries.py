"""Retries and the cache."""

from __future__ import annotations

from monitoring_pipelines.metrics import SIGNALS
from tests.metrics.signals.value import of_levels


def test_shares_of_calls() -> None:
    assert of_levels("retry_rate", "is_retried", **{"0": 19, "1": 1}) == 0.05
    assert of_levels("cache_use_rate", "uses_cache", **{"0": 1, "1": 4}) == 0.8


def test_fewer_prompts_from_the_cache_are_worse() -> None:
    assert SIGNALS["cache_use_rate"].direction.value == "lower_is_worse"
