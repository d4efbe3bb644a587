r"""Saturation: mean over the picture of that of the HSV hexcone [1]_, 0 (grey) to 1 (pure colours).

:math:`1 - \min(R, G, B) / \max(R, G, B)`, and 0 where it is black. It is computed on the picture
averaged over blocks, to a shorter side of 28 to 55 pixels: specks of colour, such as
noise of the sensor, count less than areas.

References
----------
.. [1] A. R. Smith, "Color gamut transform pairs", SIGGRAPH 1978, 12-19. doi:10.1145/965139.807361
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels


def saturation(pixels: Pixels) -> NDArray[np.float64]:
    """Mean saturation of each picture."""
    if not pixels.colour:
        return np.zeros(len(pixels))
    red, green, blue = pixels.colour
    most = np.maximum(np.maximum(red, green), blue)
    least = np.minimum(np.minimum(red, green), blue)
    share = np.divide(least, most, out=np.ones_like(most), where=most > 0)
    found: NDArray[np.float64] = 1 - share.mean(axis=(1, 2), dtype=np.float64)
    return found


PROPERTY = Property(
    name="saturation",
    bounds=(0.0, 1.0),
    less="paler in colour",
    more="stronger in colour",
    compute=saturation,
)
PROPERTIES.add(PROPERTY.name, PROPERTY)
