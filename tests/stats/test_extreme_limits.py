"""The limit is exceeded as seldom as it says, also with heavy tails, and refuses too little."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.stats.extreme_limits import EULER, extreme_limit


def test_many_windows_give_the_quantile_of_gumbel() -> None:
    rng, alpha = np.random.default_rng(5), 0.01
    logs = rng.gumbel(3.0, 0.8, size=20_000)
    # the logarithm of values far above a half is that of the law
    found = math.log(extreme_limit(np.exp(logs + 10).tolist(), alpha)) - 10
    expected = 3.0 - 0.8 * math.log(-math.log1p(-alpha))
    assert found == pytest.approx(expected, abs=0.06)
    assert pytest.approx(3.0 + 0.8 * EULER, abs=0.03) == logs.mean()


@pytest.mark.parametrize("tail", ["pareto", "lognormal", "exponential"])
@pytest.mark.parametrize("k", [5, 20])
def test_chance_exceeds_it_as_seldom_as_it_says(tail: str, k: int) -> None:
    rng, alpha, draws = np.random.default_rng(11), 0.05, 1_500
    shape = (draws, k + 1, 12)
    users = {
        "pareto": lambda: rng.pareto(1.2, size=shape) + 1,
        "lognormal": lambda: rng.lognormal(3, 1.5, size=shape),
        "exponential": lambda: rng.exponential(100, size=shape),
    }[tail]()
    largest = users.max(axis=2)
    exceeded = sum(row[-1] > extreme_limit(row[:-1].tolist(), alpha) for row in largest)
    assert exceeded / draws <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)


def test_equal_windows_still_leave_room() -> None:
    assert extreme_limit([4.0] * 30, 0.001) > 5
    assert extreme_limit([0.0] * 30, 0.001) < 1


def test_few_windows_are_refused() -> None:
    with pytest.raises(NotApplicableError, match="it needs 5"):
        extreme_limit([1.0] * 4, 0.01)


@pytest.mark.parametrize("odd", [-0.5, -3.0, math.inf, math.nan])
def test_sums_without_a_logarithm_are_refused(odd: float) -> None:
    with pytest.raises(NotApplicableError, match="below zero or without end"):
        extreme_limit([20.0] * 7 + [odd], 0.01)
