"""Limits allow for what the windows of a reference differ by."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from monitoring_pipelines.checks.between import widened_change, widened_estimate
from monitoring_pipelines.checks.judgement import Change, Estimate
from monitoring_pipelines.metrics import DRIFT

JS, PSI = DRIFT["jensen_shannon"], DRIFT["psi"]
CHANGE = Change(0.3, 0.05, 0.03, 2_000)


def test_a_single_window_rests_on_the_prior() -> None:
    floor = widened_change(JS, CHANGE, [], 0.01).noise_floor
    arm = stats.t.isf(0.005, 8) * 0.1 / 5 * math.sqrt(2)
    assert floor == pytest.approx(math.hypot(0.05, arm))


def test_what_adds_up_is_widened_on_the_scale_of_its_root() -> None:
    floor = widened_change(PSI, CHANGE, [], 0.01).noise_floor
    arm = stats.t.isf(0.005, 8) * math.sqrt(0.1) / 5 * math.sqrt(2)
    assert floor == pytest.approx(0.05 + arm**2)


def test_windows_that_differ_by_chance_only_narrow_the_prior() -> None:
    alike = [Change(0.03, math.nan, 0.03, 2_000)] * 20
    floor = widened_change(JS, CHANGE, alike, 0.01).noise_floor
    arm = stats.t.isf(0.005, 27) * 0.02 * math.sqrt(8 / 27) * math.sqrt(21 / 20)
    assert floor == pytest.approx(math.hypot(0.05, arm))


def test_the_excess_of_the_windows_is_their_spread() -> None:
    apart = [Change(0.05, math.nan, 0.03, 2_000)] * 5  # 0.05² - 0.03² = 0.04²
    floor = widened_change(JS, CHANGE, apart, 0.01).noise_floor
    # the prior, a fifth of 0.1, would take from the spread that was seen
    arm = stats.t.isf(0.005, 12) * math.sqrt(0.04**2 * 4 / 5 * 6 / 5)
    assert floor == pytest.approx(math.hypot(0.05, arm))


def test_without_a_tolerance_there_is_no_prior() -> None:
    metric = DRIFT["chi_squared"]
    assert widened_change(metric, CHANGE, [], 0.01).noise_floor == pytest.approx(0.05)


@pytest.mark.parametrize("k", [1, 2, 10])
@pytest.mark.parametrize("spread", [0.0, 0.01])
def test_false_alarms_of_a_mean(k: int, spread: float) -> None:
    """Values that vary by `spread` beyond a known error of 0.01; 0.01 is what the prior says."""
    rng, draws, alpha, error = np.random.default_rng(3), 4_000, 0.02, 0.01
    z, beyond = stats.norm.isf(0.025), 0
    arm = stats.norm.isf(alpha) * error
    for *usual, new in (rng.normal(0, math.hypot(spread, error), (draws, k + 1))).tolist():
        parts = [Estimate(x, x - z * error, x + z * error, 100) for x in usual]
        mean, half = float(np.mean(usual)), arm / math.sqrt(k)
        reference = Estimate(mean, mean - half, mean + half, 100 * k)
        low = widened_estimate(reference, parts, 0.05, alpha, z).low
        beyond += new < mean - math.hypot(mean - low, arm)
    assert beyond / draws <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)
