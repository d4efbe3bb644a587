"""Clipped exposure: shares of the pixels that are as good as black, and as good as white.

A luma of at most 5, or of at least 250, of 255: some slack, since compression blurs the ends. What
a sensor clipped there is lost, which no later correction of brightness brings back. In [0, 1].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels

BLACK, WHITE = 5, 250


def black_share(pixels: Pixels) -> NDArray[np.float64]:
    """Share of each picture that is black."""
    found: NDArray[np.float64] = pixels.levels[:, : BLACK + 1].sum(axis=1)
    return found


def white_share(pixels: Pixels) -> NDArray[np.float64]:
    """Share of each picture that is white."""
    found: NDArray[np.float64] = pixels.levels[:, WHITE:].sum(axis=1)
    return found


PROPERTIES.add(
    "black_share",
    Property(
        name="black_share",
        bounds=(0.0, 1.0),
        less="with less black",
        more="with more black",
        compute=black_share,
        effect=True,
    ),
)
PROPERTIES.add(
    "white_share",
    Property(
        name="white_share",
        bounds=(0.0, 1.0),
        less="with less white",
        more="with more white",
        compute=white_share,
        effect=True,
    ),
)
