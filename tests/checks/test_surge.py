"""Credible, large, and enough to matter; or else not a surge."""

from __future__ import annotations

import pytest

from monitoring_pipelines.checks.surge import judge_surge

USUAL = [20.0, 30, 25, 22, 28, 31, 24, 27]


@pytest.mark.parametrize(
    ("value", "earlier", "verdict"),
    [
        (26.0, USUAL, "ok"),
        (130.0, USUAL, "ok"),  # large, and not beyond chance
        (2_000.0, USUAL, "fail"),
        (2_000.0, USUAL[:4], "unknown"),
        (3.0, [], "ok"),  # below what matters, nothing need be known
        (0.0, USUAL, "ok"),
        (50.0, [0.0] * 20, "fail"),
        (50.0, [*USUAL, -1.0], "unknown"),  # more was paid back than spent
    ],
)
def test_verdicts(value: float, earlier: list[float], verdict: str) -> None:
    found = judge_surge(value, earlier, alpha=0.001, what="calls of one user", least=4.0)
    assert found.verdict == verdict
    assert "calls of one user" in found.reason


def test_beyond_chance_but_not_many_times_the_usual() -> None:
    steady = [1_000.0 + i for i in range(60)]
    assert judge_surge(4_900.0, steady, alpha=0.01, what="x").verdict == "ok"
    assert judge_surge(4_900.0, steady, alpha=0.01, what="x", times=2.0).verdict == "fail"
