"""The property: saturation."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from monitoring_pipelines.images.properties.saturation import saturation
from tests.images.pictures import pixels


def test_it_is_colorsys_saturation() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (20, 20, 3))
    expected = np.mean([colorsys.rgb_to_hsv(*pixel)[1] for pixel in picture.reshape(-1, 3) / 255])
    assert saturation(pixels(picture)) == pytest.approx(expected, rel=1e-5)


def test_grey_black_and_pure() -> None:
    pure = np.zeros((6, 6, 3))
    pure[..., 1] = 90
    assert saturation(pixels(pure, np.zeros((6, 6, 3)))).tolist() == [1, 0]
    assert saturation(pixels(np.full((6, 6), 9))).tolist() == [0]
