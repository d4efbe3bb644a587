"""The property: contrast."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.images.properties.contrast import contrast
from tests.images.pictures import pixels


def test_a_checkerboard() -> None:
    """Levels 50 and 150: mean 100, deviation 50."""
    board = np.indices((8, 8)).sum(axis=0) % 2 * 100 + 50
    assert contrast(pixels(board)) == pytest.approx(0.5)


def test_exposure_does_not_matter_and_black_has_none() -> None:
    board = np.indices((8, 8)).sum(axis=0) % 2 * 100 + 50
    found = contrast(pixels(board, board / 2, np.full((8, 8), 7), np.zeros((8, 8))))
    assert found[1] == pytest.approx(found[0])
    assert found[2] == 0
    assert np.isnan(found[3])
