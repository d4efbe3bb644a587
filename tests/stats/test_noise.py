"""The dense formulas against simulation of what they approximate."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from monitoring_pipelines.metrics.drift.l_infinity import _largest
from monitoring_pipelines.metrics.drift.psi import _index
from monitoring_pipelines.stats import noise
from monitoring_pipelines.stats.noise import (
    cdf_difference_floor,
    divergence_floor,
    expected,
    largest_difference_floor,
)


def test_expected_is_of_the_smaller_sample() -> None:
    assert expected(np.array([900, 100]), np.array([9, 1])) == pytest.approx(1)
    assert expected(np.array([9, 1]), np.array([900, 100])) == pytest.approx(1)


def test_dense_tables_use_the_chi_squared_quantile() -> None:
    a, b = np.full(10, 1_000), np.full(10, 500)
    floor = divergence_floor(a, b, 0.01, _index, 1.0, fitted=False)
    assert floor == pytest.approx((1 / 10_000 + 1 / 5_000) * stats.chi2.isf(0.01, 9))


def test_one_occupied_bin_cannot_move() -> None:
    a = np.array([0, 7, 0])
    assert divergence_floor(a, a, 0.05, _index, 1.0, fitted=False) == 0
    assert largest_difference_floor(a, a, 0.05, _largest, fitted=False) == 0


@pytest.mark.parametrize("dense", [True, False])
def test_both_ways_agree_where_both_hold(dense: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = np.full(10, 2_000), np.full(10, 150)
    monkeypatch.setattr(noise, "DENSE", 0.0 if dense else math.inf)
    exact = (1 / 20_000 + 1 / 1_500) * stats.chi2.isf(0.05, 9)
    # the standard error of a 0.05 quantile from 2,000 draws is about 3 per cent here
    assert divergence_floor(a, b, 0.05, _index, 1.0, fitted=False) == pytest.approx(exact, rel=0.1)


def test_fitted_bins_cost_more_in_sparse_tables_only() -> None:
    sparse, dense = (np.full(10, 30), np.full(10, 5)), (np.full(10, 2_000), np.full(10, 150))
    for (a, b), more in ((sparse, True), (dense, False)):
        fixed = divergence_floor(a, b, 0.05, _index, 1.0, fitted=False)
        assert (divergence_floor(a, b, 0.05, _index, 1.0, fitted=True) > fixed) is more


def test_the_union_bound_is_solved() -> None:
    a, b = np.array([5_000, 3_000, 2_000]), np.array([2_500, 1_500, 1_000])
    floor = largest_difference_floor(a, b, 0.01, _largest, fitted=False)
    p = np.array([0.5, 0.3, 0.2])
    spread = np.sqrt(p * (1 - p) * (1 / 10_000 + 1 / 5_000))
    assert 2 * stats.norm.sf(floor / spread).sum() == pytest.approx(0.01, rel=1e-6)


@pytest.mark.parametrize("sizes", [(20, 20), (50, 1_000), (1_000, 1_000)])
@pytest.mark.parametrize("alpha", [0.05, 0.001])
def test_the_inequality_holds_for_values_without_ties(sizes: tuple[int, int], alpha: float) -> None:
    n, m = sizes
    floor = cdf_difference_floor(n, m, alpha)
    rng, draws = np.random.default_rng(6), 2_000
    mine = rng.permuted(np.tile(np.arange(n + m) < n, (draws, 1)), axis=1)  # no ties
    steps = np.where(mine, 1 / n, -1 / m)
    beyond = float((np.abs(steps.cumsum(axis=1)).max(axis=1) > floor + 1e-12).mean())
    assert beyond <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)
    assert floor <= 1
