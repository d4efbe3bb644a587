"""Against the closed form for normal vectors, and its noise floor by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.summaries.vectors import VectorMoments, Vectors, VectorSample
from tests.metrics import samples

DISTANCE, RNG = DRIFT["linear_mmd"], np.random.default_rng(4)


def test_the_closed_form_of_two_normal_distributions() -> None:
    # k(x, y) of independent normal x, y with means m apart: (1/3)^(s/2) exp(-m^2 / 6), sigma = 1
    s, m, n = 2, 1.5, 40_000
    a = samples.vectors(RNG.normal(size=(n, s)), RNG, size=n)
    b = samples.vectors(RNG.normal(size=(n, s)) + np.array([m, 0]), RNG, size=n)
    square = 2 * (1 / 3) ** (s / 2) * (1 - math.exp(-(m**2) / 6))
    # the standard deviation of a pair is below 1/2
    assert DISTANCE.compute(a, b) ** 2 == pytest.approx(square, abs=4 * 0.5 / math.sqrt(n / 2))


def test_no_id_is_paired_with_itself() -> None:
    # the same id twice in either period, as users are: pairs of neighbours would be alike
    rows, hashes = np.repeat(RNG.normal(size=(200, 2)), 2, axis=0), np.repeat(np.arange(200), 2)
    sample = VectorSample.of(hashes, rows, 400)
    twice = Vectors(2, 1.0, VectorMoments.of(rows), sample, ())
    other = samples.vectors(RNG.normal(size=(400, 2)), RNG)
    assert DISTANCE.compute(twice, other) <= DISTANCE.noise_floor(twice, other, 0.001)


@pytest.mark.parametrize("n", [8, 60])
def test_false_alarms(n: int) -> None:
    beyond = 0
    for _ in range(2_000):
        a, b = (samples.vectors(RNG.standard_t(2, size=(n, 3)), RNG) for _ in range(2))
        beyond += DISTANCE.compute(a, b) > DISTANCE.noise_floor(a, b, 0.01)
    # binomial: more than 35 of 2,000 have a probability below 0.002 at 0.01
    assert beyond <= 35
