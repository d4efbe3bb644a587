"""The property: exposure."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.images.properties import PROPERTIES
from monitoring_pipelines.images.properties.exposure import black_share, white_share
from tests.images.pictures import pixels


def test_shares_of_the_ends() -> None:
    levels = np.arange(256).reshape(16, 16)
    assert black_share(pixels(levels)).tolist() == [6 / 256]  # 0 to 5
    assert white_share(pixels(levels)).tolist() == [6 / 256]  # 250 to 255
    assert PROPERTIES["white_share"].effect
