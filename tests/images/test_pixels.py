"""What properties are computed from."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from monitoring_pipelines.images.pixels import Pixels, alike, glance
from tests.images.pictures import pixels, scene


def test_mean_and_variance_are_those_of_the_luma() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (2, 20, 30), dtype=np.uint8)
    found = pixels(*grey)
    assert found.mean == pytest.approx(grey.mean(axis=(1, 2)))
    assert found.variance == pytest.approx(grey.var(axis=(1, 2)))
    assert len(found) == 2


def test_rows_come_in_threes_a_few_pictures_at_a_time() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (25, 60, 70), dtype=np.uint8)
    parts = list(pixels(*grey).rows)
    assert len(parts) > 1
    found = np.concatenate(parts)
    assert found.shape == (25, 58, 3, 70)
    assert (found[7, 20] == grey[7, 20:23]).all()


def test_jpegs_luma_and_chroma_are_the_colours_that_pillow_makes_of_them() -> None:
    image = Image.fromarray(scene(side=40)).convert("YCbCr")
    ours, theirs = Pixels([glance(image)]), Pixels([glance(image.convert("RGB"))])
    for mine, other in zip(ours.colour, theirs.colour, strict=True):
        assert mine == pytest.approx(other, abs=1.5)  # Pillow's are whole, at each step
    assert ours.small_grey == pytest.approx(theirs.small_grey, abs=1.5)


def test_thumbnails_are_those_of_pillow() -> None:
    """But for rounding; of a size that is no multiple of the block, and of one without blocks."""
    for size in ((100, 90), (257, 131), (20, 30)):
        grey = Image.fromarray(scene(side=260)).convert("L").resize(size)
        small = grey.reduce(factor) if (factor := max(1, min(size) // 28)) > 1 else grey
        whole = 0, 0, size[0] / factor, size[1] / factor
        expected = np.asarray(small.resize((9, 8), Image.Resampling.BILINEAR, whole), int)
        found = Pixels([glance(grey)]).thumbnails.reshape(8, 9)
        assert np.abs(found - expected).max() <= 1


def test_rows_of_a_high_picture_are_a_part_of_it() -> None:
    look = glance(Image.fromarray(scene(side=400)))
    assert 24 <= look.rows.shape[0] < 50
    assert look.small.size == (29, 29)  # by blocks of 14


def test_a_picture_of_two_pixels_has_no_rows() -> None:
    assert pixels(np.zeros((2, 2))).glances[0].rows.size == 0


def test_those_of_one_size_and_mode_are_together() -> None:
    grey, colour = np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3), np.uint8)
    glances = [glance(Image.fromarray(one)) for one in (grey, colour, grey, grey[:5])]
    assert [places for places, _ in alike(glances)] == [[0, 2], [1], [3]]
