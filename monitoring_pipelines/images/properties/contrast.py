r"""RMS contrast: standard deviation of the luma over its mean, 0 or more [1]_.

:math:`\sigma_Y / \bar Y`. A darker or brighter exposure, which scales both, leaves it as it is, so
that it tells something else than brightness does. 0 for a picture of one grey; NaN for a black one.

References
----------
.. [1] P. J. Bex and W. Makous, "Spatial frequency, phase, and the contrast of natural images",
   J. Opt. Soc. Am. A 19(6), 1096-1106, 2002. doi:10.1364/JOSAA.19.001096
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels


def contrast(pixels: Pixels) -> NDArray[np.float64]:
    """Spread of the luma of each picture, in its mean."""
    mean, spread = pixels.mean, np.sqrt(pixels.variance)
    return np.divide(spread, mean, out=np.full_like(mean, np.nan), where=mean > 0)


PROPERTY = Property(
    name="contrast",
    bounds=(0.0, math.inf),
    less="of less contrast",
    more="of more contrast",
    compute=contrast,
)
PROPERTIES.add(PROPERTY.name, PROPERTY)
