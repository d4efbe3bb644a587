"""The interval of a mean square, where few rows show the tail and where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.stats.heavy_tails import mean_square_interval
from monitoring_pipelines.stats.intervals import positive_mean_interval

DRAWS = 2_000


def misses(errors: np.ndarray, truth: float) -> tuple[float, float]:
    """Share of intervals of 95 per cent above and below the truth."""
    above = below = 0
    for sums in zip(*(np.mean(np.abs(errors) ** p, axis=1) for p in (1, 2, 4)), strict=True):
        low, high = mean_square_interval(*map(float, sums), errors.shape[1], 0.95)
        above, below = above + (low > truth), below + (high < truth)
    return above / DRAWS, below / DRAWS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "sigma", "most"),
    # log-normal standard deviations; at most so many intervals may end below the truth
    [(100, 0.0, 0.04), (1_000, 0.0, 0.04), (100, 0.7, 0.125), (1_000, 0.7, 0.055)],
)
def test_few_intervals_end_below_the_truth(n: int, sigma: float, most: float) -> None:
    rng = np.random.default_rng(4)
    errors = rng.lognormal(0, sigma, (DRAWS, n)) * rng.normal(size=(DRAWS, n))
    above, below = misses(errors, math.exp(2 * sigma**2))
    assert above <= 0.025 + 3 * math.sqrt(0.025 * 0.975 / DRAWS)
    assert below <= most


def test_normal_errors_need_nothing_more() -> None:
    sums = math.sqrt(2 / math.pi), 1.0, 3.0
    plain = positive_mean_interval(1.0, 2.0, 500, 0.95)
    assert mean_square_interval(*sums, 500, 0.95) == pytest.approx(plain)


def test_no_error_at_all() -> None:
    assert mean_square_interval(0.0, 0.0, 0.0, 10, 0.95) == (0.0, 0.0)
