"""Pictures that come twice."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from monitoring_pipelines.images.near_duplicates import difference_hash, near_duplicates
from monitoring_pipelines.images.pixels import Pixels, glance
from tests.images.pictures import scene

if TYPE_CHECKING:
    from numpy.typing import NDArray


def thumbnails(*images: Image.Image) -> NDArray[np.uint8]:
    return np.concatenate([Pixels([glance(image)]).thumbnails for image in images])


def saved_again(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def test_another_quality_or_size_is_the_same_picture() -> None:
    one, other = (Image.fromarray(scene(seed, 200)) for seed in (1, 2))
    again = saved_again(one, 40)
    smaller = one.resize((120, 120))
    found = near_duplicates(thumbnails(one, other, again, smaller, one.transpose(0)))
    assert found.tolist() == [True, False, True, True, False]


def test_none_of_many_different_pictures() -> None:
    rng = np.random.default_rng(0)
    assert not near_duplicates(rng.integers(0, 256, (2000, 72), dtype=np.uint8)).any()
    assert near_duplicates(np.empty((0, 72), np.uint8)).tolist() == []
    assert near_duplicates(np.zeros((1, 72), np.uint8)).tolist() == [False]


def test_dark_shapes_on_white_are_not_taken_for_each_other() -> None:
    one, other = np.full((64, 64), 255, np.uint8), np.full((64, 64), 255, np.uint8)
    one[20:40, 20:40], other[20:40, 20:40] = 0, 100  # the same hash, other greys
    pair = thumbnails(Image.fromarray(one), Image.fromarray(other))
    assert difference_hash(pair)[0] == difference_hash(pair)[1]
    assert near_duplicates(pair).tolist() == [False, False]


def test_the_hash_has_a_bit_for_each_step_to_the_right() -> None:
    rising = np.tile(np.arange(9, dtype=np.uint8), 8)
    hashes = difference_hash(np.stack([rising, rising[::-1]]))
    assert hashes.tolist() == [2**64 - 1, 0]


@pytest.mark.parametrize("kind", ["all alike", "one part alike"])
def test_no_input_is_slow(kind: str) -> None:
    rng = np.random.default_rng(0)
    grids = rng.integers(0, 256, (20_000, 8, 9), dtype=np.uint8)
    grids[:, :2] = 0  # 16 bits of every hash
    if kind == "all alike":
        grids[:] = grids[0]
    began = time.process_time()
    found = near_duplicates(grids.reshape(-1, 72))
    assert found.all() == (kind == "all alike")
    assert time.process_time() - began < 10
