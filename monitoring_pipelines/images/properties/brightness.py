r"""Brightness: mean luma of the pixels, from 0 (black) to 1 (white).

:math:`\frac{1}{255\,N} \sum Y`, with the luma :math:`Y = 0.299 R + 0.587 G + 0.114 B` [1]_ of the
stored, gamma-coded values, rounded to whole numbers. Defined for every picture.

References
----------
.. [1] Recommendation ITU-R BT.601-7, section 2.5.1, 2011.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels


def brightness(pixels: Pixels) -> NDArray[np.float64]:
    """Mean luma of each picture."""
    return pixels.mean / 255


PROPERTY = Property(
    name="brightness", bounds=(0.0, 1.0), less="darker", more="brighter", compute=brightness
)
PROPERTIES.add(PROPERTY.name, PROPERTY)
