r"""Rotation: which way the edges run, and whether the light is above; turning a picture moves both.

* `upright_edges`: share of the horizontal steps in all steps of the luma,
  :math:`\sum Y_x^2 / \sum (Y_x^2 + Y_y^2)`, the diagonal of the structure tensor [1]_. 1 if all
  edges are upright, 0 if all lie; a quarter turn makes :math:`s` into :math:`1 - s`. NaN without
  edges.
* `light_above`: share of the light in the upper half; half a turn makes :math:`s` into
  :math:`1 - s`. NaN for a black picture.

Both are computed on the picture averaged over blocks, so that fine noise does not hide them. They
tell what no file says; what a camera wrote about its position is the column `image_orientation`.

References
----------
.. [1] J. Bigün and G. H. Granlund, "Optimal orientation detection of linear symmetry", ICCV 1987,
   433-438.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.images.properties.base import PROPERTIES, Property

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels


def upright_edges(pixels: Pixels) -> NDArray[np.float64]:
    """Share of upright edges in each picture's edges."""
    grey = pixels.small_grey
    across = _squares(grey[:, :, 2:] - grey[:, :, :-2])
    down = _squares(grey[:, 2:] - grey[:, :-2])
    total = across + down
    known = total > 0
    found: NDArray[np.float64] = np.divide(
        across, total, out=np.full_like(total, np.nan), where=known
    )
    return found


def light_above(pixels: Pixels) -> NDArray[np.float64]:
    """Share of each picture's light in its upper half."""
    grey = pixels.small_grey
    half = grey.shape[1] // 2
    if not half:
        return np.full(len(grey), np.nan)
    upper = grey[:, :half].sum(axis=(1, 2), dtype=np.float64)
    total = upper + grey[:, -half:].sum(axis=(1, 2), dtype=np.float64)
    found: NDArray[np.float64] = np.divide(
        upper, total, out=np.full_like(total, np.nan), where=total > 0
    )
    return found


def _squares(steps: NDArray[np.float32]) -> NDArray[np.float64]:
    flat = steps.reshape(len(steps), -1)
    found: NDArray[np.float64] = np.einsum("ij,ij->i", flat, flat).astype(np.float64)
    return found


PROPERTIES.add(
    "upright_edges",
    Property(
        name="upright_edges",
        bounds=(0.0, 1.0),
        less="turned: fewer upright edges",
        more="turned: more upright edges",
        compute=upright_edges,
    ),
)
PROPERTIES.add(
    "light_above",
    Property(
        name="light_above",
        bounds=(0.0, 1.0),
        less="turned: less light above",
        more="turned: more light above",
        compute=light_above,
    ),
)
