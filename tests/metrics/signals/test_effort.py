"""What a task takes."""

from __future__ import annotations

import pytest

from tests.metrics.signals.value import of_amounts, of_levels


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("steps_p95", "steps"),
        ("tool_calls_p95", "tool_calls"),
        ("task_tokens_p95", "input_tokens"),
        ("task_duration_p95", "duration_ms"),
        ("agents_p95", "n_agents"),
        ("fan_out_p95", "fan_out"),
    ],
)
def test_quantiles_of_tasks(name: str, column: str) -> None:
    assert of_amounts(name, column, *range(101)) == pytest.approx(95)


def test_money_of_tasks() -> None:
    assert of_amounts("cost_per_task", "cost_usd", 1.0, 3.0) == 2.0
    assert of_amounts("task_cost_total", "cost_usd", 1.0, 3.0) == 4.0


def test_agents_that_stand_deep_below_one_another() -> None:
    assert of_levels("deep_delegation_rate", "is_deep", **{"0": 19, "1": 1}) == 0.05
