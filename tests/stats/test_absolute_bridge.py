"""The bound against exact and simulated distributions of the area."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.stats.absolute_bridge import absolute_bridge_quantile, step_deviation


def test_step_deviation_is_that_of_the_distribution() -> None:
    # mass 0.2, 0.5, 0.3 at 0, 1, 4: mean 1.7, mean square 5.3
    deviation = step_deviation(np.array([0.2, 0.7]), np.array([1.0, 3.0]))
    assert deviation == pytest.approx(math.sqrt(5.3 - 1.7**2))


def test_nothing_moves_without_spread() -> None:
    assert absolute_bridge_quantile(np.array([1.0]), np.array([2.0]), 0.05) == 0


@pytest.mark.parametrize("alpha", [0.1, 0.01, 0.001])
def test_chance_exceeds_the_bound_at_most_with_alpha(alpha: float) -> None:
    rng, draws, points = np.random.default_rng(7), 20_000, 40
    steps = rng.normal(size=(draws, points + 1)) / math.sqrt(points + 1)
    time = np.arange(1, points + 1) / (points + 1)
    bridge = steps.cumsum(axis=1)[:, :-1] - time * steps.sum(axis=1, keepdims=True)
    widths = np.linspace(0.1, 3.0, points)
    area = np.abs(bridge) @ widths
    bound = absolute_bridge_quantile(time, widths, alpha)
    assert (area > bound).mean() <= alpha
    assert bound < 1.6 * np.quantile(area, 1 - alpha)  # conservative, not useless
