"""The property: rotation."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.images.properties.rotation import light_above, upright_edges
from tests.images.pictures import pixels, scene


def test_a_quarter_turn_swaps_the_edges() -> None:
    picture = scene()
    straight, turned = upright_edges(pixels(picture, np.rot90(picture)))
    assert turned == pytest.approx(1 - straight, abs=1e-4)
    assert abs(straight - 0.5) > 0.01


def test_half_a_turn_swaps_the_light() -> None:
    picture = scene(3)
    straight, turned = light_above(pixels(picture, np.rot90(picture, 2)))
    assert turned == pytest.approx(1 - straight, abs=1e-4)


def test_bars_and_ground() -> None:
    bars = np.tile([0, 0, 200, 200], (8, 2))
    assert upright_edges(pixels(bars, bars.T)).tolist() == [1, 0]
    sky = np.vstack([np.full((4, 8), 150), np.full((4, 8), 50)])
    assert light_above(pixels(sky)).tolist() == [0.75]


def test_without_edges_or_light() -> None:
    flat, black = np.full((6, 6), 9), np.zeros((6, 6))
    assert np.isnan(upright_edges(pixels(flat))).all()
    assert np.isnan(light_above(pixels(black, black))).all()
    assert np.isnan(light_above(pixels(np.full((1, 6), 9)))).all()
