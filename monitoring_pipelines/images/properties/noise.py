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

from monitoring_pipelines.images.pixels import LEAST_SIDE
from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels

# places that the median is taken over, about; it is good to 3 per cent
PLACES = 2048
NORM, MEDIAN = 6, 0.674490


def noise(pixels: Pixels) -> NDArray[np.float64]:
    """Deviation of the noise of each picture."""
    return np.concatenate([_noise(rows) for rows in pixels.rows])


def _noise(rows: NDArray[np.int16]) -> NDArray[np.float64]:
    if not rows.size or rows.shape[-1] < LEAST_SIDE:
        return np.full(len(rows), np.nan)
    down = rows[:, :, 0] + rows[:, :, 2] - 2 * rows[:, :, 1]
    step = max(1, down[0].size // PLACES) | 1  # odd, since JPEG has blocks of eight
    masked = down[..., :-2:step] + down[..., 2::step] - 2 * down[..., 1:-1:step]
    # numpy finds the middle of 32 bits several times as fast as that of 16
    amounts = np.abs(masked).astype(np.int32).reshape(len(rows), -1)
    middle = amounts.shape[1] // 2
    found: NDArray[np.float64] = np.partition(amounts, middle, axis=1)[:, middle] / (NORM * MEDIAN)
    return found


PROPERTY = Property(
    name="noise", bounds=(0.0, math.inf), less="less noisy", more="noisier", compute=noise
)
PROPERTIES.add(PROPERTY.name, PROPERTY)
