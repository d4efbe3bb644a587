r"""Sharpness: variance of the Laplacian of the luma, relative to the variance of the luma.

With the Laplacian :math:`L = Y_{i-1,j} + Y_{i+1,j} + Y_{i,j-1} + Y_{i,j+1} - 4 Y_{i,j}` of the
inner pixels it is :math:`\mathrm{var}(L) / \mathrm{var}(Y)`, the focus measure LAPV [1]_ [2]_ freed
of contrast: a paler or darker picture is not less sharp. From 0 (blurred) to about 20 (uncorrelated
pixels, for which the variances relate as :math:`4^2 + 4` to 1). NaN for a picture of one grey, or
smaller than 3 by 3. Of a picture with 72 rows or more every
k-th row is looked at, and of one that was made smaller the smaller one.

References
----------
.. [1] J. L. Pech-Pacheco, G. Cristóbal, J. Chamorro-Martínez and J. Fernández-Valdivia, "Diatom
   autofocusing in brightfield microscopy: a comparative study", ICPR 2000, vol. 3, 314-317.
   doi:10.1109/ICPR.2000.903548
.. [2] S. Pertuz, D. Puig and M. A. Garcia, "Analysis of focus measure operators for
   shape-from-focus", Pattern Recognit. 46(5), 1415-1432, 2013. doi:10.1016/j.patcog.2012.11.011
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


def sharpness(pixels: Pixels) -> NDArray[np.float64]:
    """Fine detail of each picture, in its variance."""
    variance = np.concatenate([_laplacian_variance(rows) for rows in pixels.rows])
    spread = pixels.variance
    known = spread > 1e-6  # noqa: PLR2004 - of whole numbers it is 0, or at least 1 / n
    found: NDArray[np.float64] = np.divide(
        variance, spread, out=np.full_like(spread, np.nan), where=known
    )
    return found


def _laplacian_variance(rows: NDArray[np.int16]) -> NDArray[np.float64]:
    if not rows.size or rows.shape[-1] < LEAST_SIDE:
        return np.full(len(rows), np.nan)
    at = rows[:, :, 1]
    laplacian = rows[:, :, 0, 1:-1] + rows[:, :, 2, 1:-1]
    laplacian += at[..., :-2]
    laplacian += at[..., 2:]
    laplacian -= 4 * at[..., 1:-1]
    flat = laplacian.astype(np.float32).reshape(len(rows), -1)
    n = flat.shape[1]
    # no BLAS: its threads would fight with those that decode
    mean = np.einsum("ij->i", flat) / n
    found: NDArray[np.float64] = (
        np.einsum("ij,ij->i", flat, flat) / n - mean.astype(np.float64) ** 2
    )
    return found


PROPERTY = Property(
    name="sharpness", bounds=(0.0, math.inf), less="blurred", more="sharper", compute=sharpness
)
PROPERTIES.add(PROPERTY.name, PROPERTY)
