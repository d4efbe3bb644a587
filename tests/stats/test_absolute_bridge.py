"""The quantile of the area against exact and simulated distributions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from monitoring_pipelines.stats.absolute_bridge import (
    absolute_bridge_mean,
    absolute_bridge_quantile,
    step_deviation,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANY = 10**8  # the Gaussian limit
PERCENTS = np.arange(1, 100) / 100


def limit(cdf: NDArray[np.float64], widths: NDArray[np.float64], alpha: float) -> float:
    return absolute_bridge_quantile(cdf, widths, alpha, (MANY, MANY)) * math.sqrt(MANY / 2)


def test_step_deviation_is_that_of_the_distribution() -> None:
    # mass 0.2, 0.5, 0.3 at 0, 1, 4: mean 1.7, mean square 5.3
    deviation = step_deviation(np.array([0.2, 0.7]), np.array([1.0, 3.0]))
    assert deviation == pytest.approx(math.sqrt(5.3 - 1.7**2))


def test_nothing_moves_without_spread() -> None:
    assert absolute_bridge_quantile(np.array([1.0]), np.array([2.0]), 0.05, (9, 9)) == 0
    assert absolute_bridge_mean(np.array([1.0]), np.array([2.0]), (9, 9)) == 0


@pytest.mark.parametrize(("alpha", "table"), [(0.1, 0.4993), (0.05, 0.5821), (0.01, 0.7518)])
def test_a_uniform_distribution_has_the_tabled_quantiles(alpha: float, table: float) -> None:
    """Of the L1 norm of the Brownian bridge; see Johnson and Killeen, 1983."""
    found = limit(np.arange(1, 1_000) / 1_000, np.full(999, 1 / 1_000), alpha)
    assert table < found < 1.05 * table


@pytest.mark.parametrize("alpha", [0.05, 1e-3, 1e-6])
@pytest.mark.parametrize("share", [0.5, 0.01])
def test_one_step_is_a_normal_difference(share: float, alpha: float) -> None:
    found = limit(np.array([share]), np.array([3.0]), alpha)
    exact = 3 * math.sqrt(share * (1 - share)) * stats.norm.isf(alpha / 2)
    assert exact * (1 - 1e-6) < found < 1.04 * exact


SHAPES = {
    "normal": (PERCENTS[:-1], np.diff(stats.norm.ppf(PERCENTS))),
    "skewed": (PERCENTS[:-1], np.diff(stats.lognorm.ppf(PERCENTS, 1.5))),
    "heavy tails": (PERCENTS[:-1], np.diff(stats.t.ppf(PERCENTS, 2))),
    "two far ends": (np.array([0.05, 0.95]), np.array([1.0, 1.0])),
    "uneven steps": (np.arange(1, 41) / 41, np.linspace(0.1, 3.0, 40)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_chance_exceeds_the_quantile_as_often_as_said(shape: str) -> None:
    cdf, widths = SHAPES[shape]
    rng, draws = np.random.default_rng(7), 40_000
    steps = np.diff(cdf, prepend=0.0, append=1.0)
    walk = (rng.normal(size=(draws, len(steps))) * np.sqrt(steps)).cumsum(axis=1)
    area = np.abs(walk[:, :-1] - walk[:, -1:] * cdf) @ widths
    for alpha in (0.1, 0.01, 0.001):
        error = 3 * math.sqrt(alpha / draws)
        beyond = float((area > limit(cdf, widths, alpha)).mean())
        assert 0.7 * alpha - error < beyond < alpha + error


@pytest.mark.parametrize("n", [20, 200])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_skewed_values_are_no_more_often_beyond(n: int, alpha: float) -> None:
    rng, draws = np.random.default_rng(8), 4_000
    edges = np.quantile(rng.lognormal(0, 1.5, 10_000), np.linspace(0, 1, 51))
    cdf = np.linspace(0, 1, 51)[:-1]
    counts = rng.multinomial(n, np.full(50, 1 / 50), draws)  # equal shares between the quantiles
    drawn = np.concatenate([np.zeros((draws, 1)), counts.cumsum(axis=1)[:, :-1] / n], axis=1)
    area = np.abs(drawn - cdf) @ np.diff(edges)
    bound = absolute_bridge_quantile(cdf, np.diff(edges), alpha, (n, 10**9))
    assert (area > bound).mean() <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)
