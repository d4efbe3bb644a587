"""One more value leaves the limits as often as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.stats.prediction_limits import Prior, prediction_limits


def test_is_the_textbook_formula() -> None:
    values = [80.0, 100.0, 125.0]
    logs = np.log(values)
    half = stats.t.isf(0.025, 2) * logs.std(ddof=1) * math.sqrt(4 / 3)
    expected = (100 * math.exp(-half), 100 * math.exp(half))  # the middle is exactly 100
    assert prediction_limits(values, 0.05) == pytest.approx(expected)


def test_one_window_rests_on_the_prior() -> None:
    low, high = prediction_limits([100.0], 0.05, Prior(spread=0.2, windows=10))
    half = stats.t.isf(0.025, 10) * 0.2 * math.sqrt(2)
    assert (low, high) == pytest.approx((100 * math.exp(-half), 100 * math.exp(half)))


@pytest.mark.parametrize("values", [[], [100.0]])
def test_without_spread_or_prior_there_is_no_limit(values: list[float]) -> None:
    with pytest.raises(NotApplicableError, match="do not give a limit"):
        prediction_limits(values, 0.05)


@pytest.mark.parametrize("k", [2, 3, 10])
@pytest.mark.parametrize("spread", [0.05, 0.8])
def test_false_alarms_for_any_spread(k: int, spread: float) -> None:
    rng, draws, alpha = np.random.default_rng(8), 2_000, 0.05
    outside = 0
    for values in rng.lognormal(5, spread, (draws, k + 1)).tolist():
        low, high = prediction_limits(values[:-1], alpha)
        outside += not low <= values[-1] <= high
    error = math.sqrt(alpha * (1 - alpha) / draws)
    assert outside / draws == pytest.approx(alpha, abs=4 * error)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_false_alarms_with_a_prior_that_is_true_or_cautious(k: int) -> None:
    rng, draws, alpha, prior = np.random.default_rng(9), 2_000, 0.05, Prior(0.3, 4)
    outside = 0
    for values in rng.lognormal(5, 0.3, (draws, k + 1)).tolist():
        low, high = prediction_limits(values[:-1], alpha, prior)
        outside += not low <= values[-1] <= high
    assert outside / draws <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)
