"""The property: colour."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.images.properties import PROPERTIES
from monitoring_pipelines.images.properties.colour import GREEN, RED, colour_share
from tests.images.pictures import pixels


def test_shares_of_a_mixture() -> None:
    mixed = np.tile([100, 60, 40], (6, 6, 1))
    assert colour_share(pixels(mixed), RED) == pytest.approx(0.5)
    assert colour_share(pixels(mixed // 2), GREEN) == pytest.approx(0.3)
    assert PROPERTIES["red_share"].compute(pixels(mixed)) == pytest.approx(0.5)


def test_grey_and_black() -> None:
    assert colour_share(pixels(np.full((6, 6), 9)), RED) == pytest.approx(1 / 3)
    assert np.isnan(colour_share(pixels(np.zeros((6, 6))), RED)).all()
    assert np.isnan(colour_share(pixels(np.zeros((6, 6, 3))), GREEN)).all()
