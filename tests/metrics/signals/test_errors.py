"""Failed calls by what failed."""

from __future__ import annotations

import pytest

from tests.metrics.signals.value import of_levels


def test_failed_calls_are_a_share_of_those_that_tell() -> None:
    assert of_levels("error_rate", "status", ok=97, error=3) == 0.03


@pytest.mark.parametrize("kind", ["rate_limit", "server", "timeout", "auth"])
def test_each_kind_is_a_share_of_all_calls(kind: str) -> None:
    counts = {"none": 90, "rate_limit": 4, "server": 3, "timeout": 2, "auth": 1}
    assert of_levels(f"{kind}_rate", "error_kind", **counts) == counts[kind] / 100
