r"""Entropy of the grey levels, in bits: 0 (one grey) to 8 (all 256 levels equally often) [1]_.

:math:`-\sum_k p_k \log_2 p_k` over the shares :math:`p_k` of pixels with the luma :math:`k`.

References
----------
.. [1] C. E. Shannon, "A mathematical theory of communication", Bell Syst. Tech. J. 27(3), 379-423,
   1948. doi:10.1002/j.1538-7305.1948.tb01338.x
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import entr

from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels


def entropy(pixels: Pixels) -> NDArray[np.float64]:
    """Entropy of each picture's histogram."""
    found: NDArray[np.float64] = entr(pixels.levels).sum(axis=1) / np.log(2)
    return np.maximum(found, 0.0)  # not -0.0


PROPERTY = Property(
    name="entropy",
    bounds=(0.0, 8.0),
    less="of fewer grey levels",
    more="of more grey levels",
    compute=entropy,
    effect=True,
)
PROPERTIES.add(PROPERTY.name, PROPERTY)
