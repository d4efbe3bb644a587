"""The delta method against formulas that are known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.stats.delta import standard_error


def test_a_share_has_the_binomial_error() -> None:
    counts = np.array([30.0, 70.0])
    error = standard_error(lambda p: float(p[0] / p.sum()), counts)
    assert error == pytest.approx(math.sqrt(0.3 * 0.7 / 100))


def test_a_log_odds_ratio_has_woolfs_error() -> None:
    counts = np.array([[20.0, 10.0], [5.0, 40.0]])
    error = standard_error(lambda p: math.log(p[0, 0] * p[1, 1] / p[0, 1] / p[1, 0]), counts)
    assert error == pytest.approx(math.sqrt(1 / 20 + 1 / 10 + 1 / 5 + 1 / 40), rel=1e-6)


def test_an_empty_cell_is_no_trouble() -> None:
    counts = np.array([0.0, 100.0])
    assert standard_error(lambda p: float(p[0] / p.sum()), counts) == pytest.approx(0, abs=1e-6)
