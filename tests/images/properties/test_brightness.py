"""The property: brightness."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.images.properties.brightness import brightness
from tests.images.pictures import pixels


def test_luma_of_pure_colours() -> None:
    """The weights of ITU-R 601, rounded to a level."""
    found = pixels(*(np.full((4, 4, 3), colour) for colour in np.eye(3) * 255))
    assert brightness(found) == pytest.approx([0.299, 0.587, 0.114], abs=0.5 / 255)


def test_black_and_white_and_half() -> None:
    half = np.zeros((4, 4))
    half[:2] = 255
    found = brightness(pixels(np.zeros((4, 4)), np.full((4, 4), 255), half))
    assert found.tolist() == [0, 1, 0.5]
