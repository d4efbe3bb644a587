"""What the classifier sees, and that chance alone rarely beats its noise floor."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics import DRIFT
from tests.metrics import samples

DISTANCE, RNG = DRIFT["two_sample_classifier"], np.random.default_rng(5)


def of(rows: np.ndarray, size: int = 4_000) -> samples.Vectors:
    return samples.vectors(rows, RNG, size)


def test_the_area_of_two_normal_distributions() -> None:
    # the best linear rule has the area Phi(delta / sqrt 2)
    a, b = RNG.normal(size=(4_000, 3)), RNG.normal(size=(4_000, 3)) + np.array([0.8, 0, 0])
    area = ndtr(0.8 / math.sqrt(2))
    # DeLong's standard error of 2,000 against 2,000 is at most 1 / (2 sqrt(2,000))
    assert DISTANCE.compute(of(a), of(b)) == pytest.approx(2 * area - 1, abs=4 / math.sqrt(2_000))


def test_a_change_of_extent_is_seen() -> None:
    a, b = of(RNG.normal(size=(1_000, 3))), of(1.5 * RNG.normal(size=(1_000, 3)))
    assert DISTANCE.compute(a, b) > 2 * DISTANCE.noise_floor(a, b, 0.001)


def test_vectors_that_are_all_alike_tie() -> None:
    a = of(np.zeros((100, 2)))
    assert (
        DISTANCE.compute(a, a) == DISTANCE.noise_floor(a, a, 0.001) == DISTANCE.expected(a, a) == 0
    )


def test_a_small_half_is_refused() -> None:
    with pytest.raises(NotApplicableError, match="too few for half of a classifier's test"):
        DISTANCE.compute(of(np.zeros((30, 2))), of(np.zeros((500, 2))))


@pytest.mark.parametrize(("n", "m"), [(90, 90), (800, 100)])
def test_false_alarms_and_what_chance_gives_on_average(n: int, m: int) -> None:
    beyond, squares = 0, []
    for _ in range(500):
        a, b = of(RNG.standard_t(3, size=(n, 4))), of(RNG.standard_t(3, size=(m, 4)))
        value = DISTANCE.compute(a, b)
        beyond += value > DISTANCE.noise_floor(a, b, 0.05)
        squares.append(value**2 / DISTANCE.expected(a, b) ** 2)
    # binomial: more than 40 of 500 have a probability below 0.002 at 0.05
    assert beyond <= 40
    error = np.std(squares) / math.sqrt(500)
    assert np.mean(squares) == pytest.approx(1, abs=4 * error)
