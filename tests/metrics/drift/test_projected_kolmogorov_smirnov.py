"""Largest distance over the directions, and what chance gives of it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics import DRIFT
from tests.metrics import samples

DISTANCE, RNG = DRIFT["projected_kolmogorov_smirnov"], np.random.default_rng(6)


def test_the_direction_that_moved_counts() -> None:
    a = RNG.normal(size=(5_000, 2))
    b = a + np.array([0, 1.0])
    # of a normal variable that moves by delta the distance is 2 Phi(delta / 2) - 1
    found = DISTANCE.compute(samples.vectors(a), samples.vectors(b))
    assert found == pytest.approx(0.3829, abs=0.03)


def test_false_alarms_and_what_chance_gives_on_average() -> None:
    beyond, squares = 0, []
    for _ in range(600):
        a, b = (samples.vectors(RNG.normal(size=(300, 2)), RNG) for _ in range(2))
        value = DISTANCE.compute(a, b)
        beyond += value > DISTANCE.noise_floor(a, b, 0.05)
        squares.append((value / DISTANCE.expected(a, b)) ** 2)
    # binomial: more than 47 of 600 have a probability below 0.002 at 0.05
    assert beyond <= 47
    # of 60 bins a little less than of the rows themselves
    assert 0.75 < np.mean(squares) < 1 + 4 * np.std(squares) / math.sqrt(600)


def test_without_directions_there_is_no_answer() -> None:
    a = replace(samples.vectors(np.ones((9, 2))), projections=())
    with pytest.raises(NotApplicableError, match="no random directions"):
        DISTANCE.compute(a, a)
