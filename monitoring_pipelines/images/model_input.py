"""A decoded picture as the numbers that a model takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image


class Layout(NamedTuple):
    """Shape and scale of a model's pictures.

    `is_first` tells that channels stand before height and width; `is_bytes` that levels from 0 to
    255 are taken as they are, so that `mean` and `std`, which are of levels from 0 to 1, do not
    count.
    """

    channels: int
    height: int
    width: int
    is_first: bool
    is_bytes: bool
    mean: tuple[float, ...]
    std: tuple[float, ...]


def model_input(image: Image, layout: Layout) -> NDArray[Any]:
    """`image`, resized as a whole (bilinear, averaged where it shrinks), in the model's layout.

    Float32, (level / 255 - mean) / std by channel, or uint8. Shape (c, h, w) or (h, w, c).
    """
    from PIL.Image import Resampling

    # of a JPEG's luma and chroma there is no resizing that is like that of its colours
    plain = image.convert("L" if layout.channels == 1 else "RGB")
    resized = plain.resize((layout.width, layout.height), Resampling.BILINEAR)
    found: NDArray[Any] = np.asarray(resized).reshape(layout.height, layout.width, layout.channels)
    if not layout.is_bytes:
        mean, std = np.array(layout.mean, np.float32), np.array(layout.std, np.float32)
        found = (found.astype(np.float32) / 255 - mean) / std
    return np.moveaxis(found, -1, 0) if layout.is_first else found
