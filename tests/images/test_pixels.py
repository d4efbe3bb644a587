"""What properties are computed from."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from monitoring_pipelines.images.pixels import alike, glance
from tests.images.pictures import pixels, scene


def test_mean_and_variance_are_those_of_the_luma() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (2, 20, 30), dtype=np.uint8)
    found = pixels(*grey)
    assert found.mean == pytest.approx(grey.mean(axis=(1, 2)))
    assert found.variance == pytest.approx(grey.var(axis=(1, 2)))
    assert len(found) == 2


def test_second_differences() -> None:
    # columns 0, 1, 4, 9: squares bend by 2 everywhere; rows are all alike
    down, across = pixels(np.tile(np.arange(6) ** 2, (5, 1))).bends
    assert down.shape == across.shape == (1, 3, 6)
    assert (down == 0).all()
    assert (across[0, :, 1:-1] == 2).all()


def test_rows_of_a_high_picture_are_a_part_of_it() -> None:
    look = glance(Image.fromarray(scene(side=400)))
    assert 24 <= look.rows.shape[1] < 50
    assert look.small.shape[:2] == (29, 29)  # by blocks of 14


def test_a_picture_of_two_pixels_has_no_rows() -> None:
    assert pixels(np.zeros((2, 2))).bends[0].size == 0


def test_those_of_one_size_and_mode_are_together() -> None:
    grey, colour = np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3), np.uint8)
    glances = [glance(Image.fromarray(one)) for one in (grey, colour, grey, grey[:5])]
    assert [places for places, _ in alike(glances)] == [[0, 2], [1], [3]]
