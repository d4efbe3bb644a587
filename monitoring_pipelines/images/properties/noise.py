r"""Noise: standard deviation of white noise in the luma, in grey levels, 0 or more.

Immerkær's mask, the difference of two Laplacians, is blind to slopes and edges that are straight
[1]_; white noise of deviation :math:`\sigma` leaves it with deviation :math:`6 \sigma`. The median
of its amounts, which a minority of pixels on structure does not move [2]_, gives

.. math::

    \sigma = \frac{\mathrm{median} |Y * M|}{6 \cdot 0.6745}, \quad
    M = \begin{pmatrix} 1 & -2 & 1 \\ -2 & 4 & -2 \\ 1 & -2 & 1 \end{pmatrix}

Of a larger picture every k-th row and column is looked at, about 2,048 places. A flat
background has none. NaN for a picture smaller than 3 by 3.

References
----------
.. [1] J. Immerkær, "Fast noise variance estimation", Comput. Vis. Image Underst. 64(2), 300-302,
   1996. doi:10.1006/cviu.1996.0060
.. [2] D. L. Donoho and I. M. Johnstone, "Ideal spatial adaptation by wavelet shrinkage",
   Biometrika 81(3), 425-455, 1994. doi:10.1093/biomet/81.3.425
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels

# places that the median is taken over, about; it is good to 3 per cent
PLACES = 2048
NORM, MEDIAN = 6, 0.674490


def noise(pixels: Pixels) -> NDArray[np.float64]:
    """Deviation of the noise of each picture."""
    down = pixels.bends[0]
    n, rows, width = down.shape
    if not down.size:
        return np.full(n, np.nan)
    step = max(1, rows * width // PLACES) | 1  # odd, since JPEG has blocks of eight
    left, centre, right = down[:, :, :-2:step], down[:, :, 1:-1:step], down[:, :, 2::step]
    masked = np.abs(left + right - 2 * centre).reshape(n, -1)
    middle = masked.shape[1] // 2
    found: NDArray[np.float64] = np.partition(masked, middle, axis=1)[:, middle] / (NORM * MEDIAN)
    return found


PROPERTY = Property(
    name="noise", bounds=(0.0, math.inf), less="less noisy", more="noisier", compute=noise
)
PROPERTIES.add(PROPERTY.name, PROPERTY)
