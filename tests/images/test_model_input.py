"""A decoded picture as the numbers that a model takes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from monitoring_pipelines.images.model_input import Layout, model_input

MEAN, STD = (0.5, 0.25, 0.0), (0.5, 0.5, 2.0)


def test_scaled_and_shifted_by_channel() -> None:
    image = Image.new("RGB", (10, 20), (255, 51, 102))
    found = model_input(image, Layout(3, 4, 6, True, False, MEAN, STD))
    assert found.shape == (3, 4, 6)
    assert found.dtype == np.float32
    # of the levels 1, 0.2 and 0.4
    assert found.mean(axis=(1, 2)) == pytest.approx([1.0, -0.1, 0.2], abs=1e-6)


def test_levels_are_given_as_they_are() -> None:
    array = np.random.default_rng(0).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    layout = Layout(3, 4, 6, False, True, (9.0,), (9.0,))
    assert (model_input(Image.fromarray(array), layout) == array).all()


def test_one_channel_is_luma_and_a_smaller_picture_is_an_average() -> None:
    checks = np.indices((8, 8)).sum(axis=0) % 2 * 200
    image = Image.fromarray(checks.astype(np.uint8)).convert("YCbCr")
    found = model_input(image, Layout(1, 2, 2, True, False, (0.0,), (1.0,)))
    assert found.shape == (1, 2, 2)
    assert found == pytest.approx(np.full((1, 2, 2), 100 / 255), abs=0.01)
