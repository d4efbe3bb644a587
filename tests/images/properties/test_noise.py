"""The property: noise."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.images.properties.noise import noise
from tests.images.pictures import pixels


@pytest.mark.parametrize("sigma", [4.0, 10.0])
def test_it_is_the_deviation_of_white_noise(sigma: float) -> None:
    """Of 20 pictures; the median of 2,048 places is good to 3 per cent, whole levels cost some."""
    rng = np.random.default_rng(0)
    found = noise(pixels(*(128 + rng.normal(0, sigma, (64, 64)) for _ in range(20))))
    assert found.mean() == pytest.approx(sigma, rel=0.05)


def test_slopes_and_straight_edges_are_no_noise() -> None:
    slope = np.add.outer(np.arange(40) * 2, np.arange(40) * 3)
    edge = np.zeros((40, 40))
    edge[:, 20:] = 200
    assert noise(pixels(slope, edge, edge.T)).tolist() == [0, 0, 0]


def test_too_small() -> None:
    assert np.isnan(noise(pixels(np.zeros((2, 9))))).all()
