"""Waiting."""

from __future__ import annotations

import pytest

from tests.metrics.signals.value import of_amounts, of_levels


def test_quantiles_of_the_time_to_the_end_and_to_the_first_token() -> None:
    times = range(101)
    for q in (50, 95, 99):
        assert of_amounts(f"latency_p{q}", "latency_ms", *times) == pytest.approx(q)
    assert of_amounts("ttft_p95", "ttft_ms", *times) == pytest.approx(95)


def test_negative_durations_are_counted_apart() -> None:
    assert of_levels("negative_latency_rate", "is_negative_latency", **{"0": 3, "1": 1}) == 0.25
