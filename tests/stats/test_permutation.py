"""Quantiles over random assignments, against exact probabilities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from monitoring_pipelines.stats import permutation
from monitoring_pipelines.stats.permutation import (
    assignments,
    permutation_quantile,
    predicted,
    predictive_quantile,
    upper_quantile,
)


def test_assignments_are_without_replacement() -> None:
    drawn = assignments((5, 1, 30), 12)
    assert (drawn.sum(axis=1) == 12).all()
    assert (drawn <= [5, 1, 30]).all()
    # hypergeometric mean 12 * 5 / 36 and its standard error
    error = math.sqrt(stats.hypergeom(36, 5, 12).var() / len(drawn))
    assert drawn[:, 0].mean() == pytest.approx(12 * 5 / 36, abs=4 * error)


def test_assignments_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(ValueError, match="read-only"):
        assignments((5, 1, 30), 12)[0, 0] = 99


def test_billions_of_rows_are_drawn_too() -> None:
    drawn = assignments((2 * 10**9, 10**9), 1_000)
    error = math.sqrt(1_000 * (2 / 3) * (1 / 3) / len(drawn))
    assert drawn[:, 0].mean() == pytest.approx(2_000 / 3, abs=4 * error)


@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.02])
def test_a_quantile_is_exceeded_with_alpha(alpha: float) -> None:
    a, b = np.array([150, 250]), np.array([20, 30])
    limit = int(permutation_quantile(a, b, alpha, lambda _, drawn: drawn[..., 0].astype(float)))
    exact = stats.hypergeom(450, 170, 50)
    assert exact.sf(limit) <= alpha + 4 * math.sqrt(alpha * (1 - alpha) / permutation.DRAWS)
    assert exact.sf(limit - 2) > alpha / 2  # and it is not needlessly far


@pytest.mark.parametrize("freedom", [1, 9, 40])
@pytest.mark.parametrize("alpha", [1e-3, 1e-4, 1e-6])
def test_the_extrapolated_tail_is_on_the_safe_side(freedom: int, alpha: float) -> None:
    values = np.random.default_rng(5).chisquare(freedom, permutation.DRAWS)
    limit = upper_quantile(values, alpha)
    exact = float(stats.chi2.isf(alpha, freedom))
    assert 0.95 * exact < limit < 1.6 * exact


def test_the_quantile_never_falls_below_the_largest_draw_in_the_tail() -> None:
    values = np.zeros(permutation.DRAWS)
    values[0] = 100.0
    assert upper_quantile(values, 1e-4) >= 100.0


def test_new_rows_between_order_statistics_are_beta_binomial() -> None:
    drawn = predicted((30, 70), 50)
    exact = stats.betabinom(50, 30, 70)
    error = exact.std() / math.sqrt(len(drawn))
    assert drawn[:, 0].mean() == pytest.approx(exact.mean(), abs=4 * error)
    assert drawn[:, 0].var() == pytest.approx(exact.var(), rel=0.15)


@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.02])
def test_a_quantile_of_new_rows_is_exceeded_with_alpha(alpha: float) -> None:
    a, b = np.array([30, 70]), np.array([20, 30])
    limit = int(predictive_quantile(a, b, alpha, lambda _, drawn: drawn[..., 0].astype(float)))
    exact = stats.betabinom(50, 30, 70)
    assert exact.sf(limit) <= alpha  # read off on the safe side
    assert exact.sf(limit - 4) > alpha / 2
