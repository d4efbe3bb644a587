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
    assert absolute_bridge_quantile(np.array([1.0]), np.array([2.0]), 0.05, (9, 9)) == 0


@pytest.mark.parametrize("alpha", [0.1, 0.01, 0.001])
def test_chance_exceeds_the_bound_at_most_with_alpha(alpha: float) -> None:
    rng, draws, points = np.random.default_rng(7), 20_000, 40
    steps = rng.normal(size=(draws, points + 1)) / math.sqrt(points + 1)
    time = np.arange(1, points + 1) / (points + 1)
    bridge = steps.cumsum(axis=1)[:, :-1] - time * steps.sum(axis=1, keepdims=True)
    widths = np.linspace(0.1, 3.0, points)
    area = np.abs(bridge) @ widths
    many = 10**8  # the Gaussian limit
    bound = absolute_bridge_quantile(time, widths, alpha, (many, many)) * math.sqrt(many / 2)
    assert (area > bound).mean() <= alpha
    assert bound < 1.6 * np.quantile(area, 1 - alpha)  # conservative, not useless


@pytest.mark.parametrize("alpha", [0.05, 0.005])
@pytest.mark.parametrize("n", [20, 200])
def test_skewed_values_are_no_more_often_beyond(n: int, alpha: float) -> None:
    rng, draws = np.random.default_rng(8), 4_000
    edges = np.quantile(rng.lognormal(0, 1.5, 10_000), np.linspace(0, 1, 51))
    cdf = np.linspace(0, 1, 51)[:-1]
    counts = rng.multinomial(n, np.full(50, 1 / 50), draws)  # equal shares between the quantiles
    drawn = np.concatenate([np.zeros((draws, 1)), counts.cumsum(axis=1)[:, :-1] / n], axis=1)
    area = np.abs(drawn - cdf) @ np.diff(edges)
    bound = absolute_bridge_quantile(cdf, np.diff(edges), alpha, (n, 10**9))
    assert (area > bound).mean() <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)
