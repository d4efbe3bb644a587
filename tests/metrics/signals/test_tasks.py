"""Ends of tasks."""

from __future__ import annotations

from tests.metrics.signals.value import of_levels

ENDED = {"ended": 14, "failed": 3, "loop": 1, "unfinished": 2}


def test_a_task_fails_or_goes_in_a_loop_or_has_no_end() -> None:
    assert of_levels("failed_task_rate", "state", **ENDED) == 0.2
    assert of_levels("unfinished_rate", "state", **ENDED) == 0.1
    assert of_levels("loop_rate", "is_loop", **{"0": 39, "1": 1}) == 0.025


def test_trouble_with_tools() -> None:
    trouble = {"none": 6, "some": 3, "many": 1}
    assert of_levels("tool_error_rate", "tool_trouble", **trouble) == 0.4
    assert of_levels("many_tool_errors_rate", "tool_trouble", **trouble) == 0.1
    assert of_levels("malformed_call_rate", "is_malformed", **{"0": 9, "1": 1}) == 0.1
    assert of_levels("other_tool_rate", "uses_other_tools", **{"0": 9, "1": 1}) == 0.1
