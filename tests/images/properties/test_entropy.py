"""The property: entropy."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.images.properties.entropy import entropy
from tests.images.pictures import pixels


def test_bits() -> None:
    levels = np.arange(256).reshape(16, 16)
    four = levels // 64
    uneven = np.where(levels < 64, 0, 9)  # a quarter and three quarters: 0.8113 bits
    found = entropy(pixels(levels, four, uneven, np.zeros((16, 16))))
    assert found == pytest.approx([8, 2, 0.811278, 0])
