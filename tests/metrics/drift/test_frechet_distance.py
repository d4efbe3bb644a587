"""Against the definition with scipy's matrix root, and what chance gives by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import sqrtm

from monitoring_pipelines.metrics import DRIFT
from tests.metrics import samples

DISTANCE, RNG = DRIFT["frechet_distance"], np.random.default_rng(3)


def test_the_definition() -> None:
    a = RNG.normal(size=(200, 4)) @ RNG.normal(size=(4, 4))
    b = RNG.normal(size=(300, 4)) @ RNG.normal(size=(4, 4)) + 1
    c, d = np.cov(a.T, bias=True), np.cov(b.T, bias=True)
    moved = np.sum((a.mean(axis=0) - b.mean(axis=0)) ** 2)
    square = moved + np.trace(c + d - 2 * sqrtm(c @ d).real)
    found = DISTANCE.compute(samples.vectors(a), samples.vectors(b))
    assert found == pytest.approx(math.sqrt(square))


def test_vectors_that_are_alike_are_at_the_distance_of_their_means() -> None:
    a, b = samples.vectors(np.zeros((50, 3))), samples.vectors(np.full((50, 3), 2.0))
    assert DISTANCE.compute(a, b) == pytest.approx(math.sqrt(12))
    assert DISTANCE.compute(a, a) == 0
    assert DISTANCE.noise_floor(a, a, 0.01) == 0


def test_what_chance_gives_on_average() -> None:
    # isotropic: each mean square is (1/n + 1/m) (s + (s^2 + s) / 4) to the first order
    n, m, s = 2_000, 1_000, 6
    first = (1 / n + 1 / m) * (s + (s * s + s) / 4)
    pairs = [
        [samples.vectors(RNG.normal(size=(k, s)), RNG, size=400) for k in (n, m)] for _ in range(60)
    ]
    squares = np.array([DISTANCE.compute(a, b) ** 2 for a, b in pairs])
    error = squares.std() / math.sqrt(len(squares))
    assert squares.mean() == pytest.approx(first, abs=4 * error + 0.02 * first)
    found = np.mean([DISTANCE.expected(a, b) ** 2 for a, b in pairs[:20]])
    assert found == pytest.approx(first, rel=0.1)  # samples of 400, 100 draws each


def test_false_alarms_of_heavy_tails_beyond_the_sample() -> None:
    beyond = 0
    for _ in range(60):
        a, b = (samples.vectors(RNG.standard_t(3, size=(400, 5)), RNG, size=100) for _ in range(2))
        beyond += DISTANCE.compute(a, b) > DISTANCE.noise_floor(a, b, 0.05)
    # binomial: more than 9 of 60 have a probability below 0.002 at 0.05
    assert beyond <= 9
