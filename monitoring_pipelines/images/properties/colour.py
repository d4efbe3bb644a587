r"""Colour shares: how much of the light is red, and how much green; the rest is blue.

With the sums :math:`R, G, B` over the pixels, :math:`R / (R + G + B)` and
:math:`G / (R + G + B)`: the mean colour's chromaticity [1]_, which a colour cast moves and
exposure does not. It is computed on the picture averaged over blocks. A third each if the picture
is grey; NaN if it is black.

References
----------
.. [1] G. Buchsbaum, "A spatial processor model for object colour perception", J. Franklin Inst.
   310(1), 1-26, 1980 (the grey world). doi:10.1016/0016-0032(80)90058-7
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels

RED, GREEN = 0, 1


def colour_share(pixels: Pixels, channel: int) -> NDArray[np.float64]:
    """Share of one colour (0 red, 1 green, 2 blue) in each picture's light."""
    if not pixels.colour:
        lit = pixels.mean > 0
        return np.where(lit, 1 / 3, np.nan)
    sums = [one.sum(axis=(1, 2), dtype=np.float64) for one in pixels.colour]
    total = np.sum(sums, axis=0)
    found: NDArray[np.float64] = np.divide(
        sums[channel], total, out=np.full_like(total, np.nan), where=total > 0
    )
    return found


PROPERTIES.add(
    "red_share",
    Property(
        name="red_share",
        bounds=(0.0, 1.0),
        less="less red",
        more="redder",
        compute=lambda pixels: colour_share(pixels, RED),
    ),
)
PROPERTIES.add(
    "green_share",
    Property(
        name="green_share",
        bounds=(0.0, 1.0),
        less="less green",
        more="greener",
        compute=lambda pixels: colour_share(pixels, GREEN),
    ),
)
