"""What the properties of pictures are computed from, for pictures of one size side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

# shorter side of the small pictures, at least
SMALL = 28
# rows of a picture whose fine detail is looked at, at least
ROWS = 24
# so many pixels at a time stay in a core's cache, and cost the system no fresh memory
AT_ONCE = 60_000
LEVELS = 256
THUMBNAIL = (9, 8)
LEAST_SIDE = 3
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


class Glance(NamedTuple):
    """One picture, looked at once while it is in the processor's cache.

    `histogram` counts its pixels by luma (ITU-R 601, 0 to 255); `small` is the picture averaged
    over whole blocks to a shorter side of 28 to 55 pixels, shape (h', w', 3), or (h', w') if it is
    grey; `thumbnail` is it in grey, averaged to 9 by 8 pixels, shape (72,); `rows` are the luma of
    r inner rows and of those above and below them, shape (3, r, w).

    All inner rows are taken of a picture with less than 72 rows, of a higher one every k-th, at
    least 24 of them. There are none (r = 0) if it is smaller than 3 by 3.
    """

    n_pixels: int
    histogram: NDArray[np.float64]
    small: NDArray[np.uint8]
    thumbnail: NDArray[np.uint8]
    rows: NDArray[np.uint8]


def glance(image: Image) -> Glance:
    """Look at a decoded image in mode L, RGB or YCbCr, which is the fastest."""
    from PIL.Image import Resampling

    grey = _luma(image)
    factor = max(1, min(image.size) // SMALL)
    small = image.reduce(factor) if factor > 1 else image
    small_grey = _luma(small)
    small = small.convert("RGB") if small.mode == "YCbCr" else small
    whole = (0, 0, image.width / factor, image.height / factor)  # the last block may be a part
    return Glance(
        image.width * image.height,
        np.array(grey.histogram(), np.float64),
        np.asarray(small),
        np.asarray(small_grey.resize(THUMBNAIL, Resampling.BILINEAR, whole)).reshape(-1),
        _rows(np.asarray(grey)),
    )


def _luma(image: Image) -> Image:
    if image.mode == "YCbCr":
        return image.getchannel(0)
    return image if image.mode == "L" else image.convert("L")


def _rows(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = grey.shape
    if min(height, width) < LEAST_SIDE:
        return np.empty((3, 0, width), np.uint8)
    # odd, since JPEG has blocks of eight
    step = max(1, height // ROWS - 1) | 1
    return np.stack([grey[place : height - 2 + place : step] for place in range(3)])


@dataclass(frozen=True, eq=False)
class Pixels:
    """`glances` at n pictures whose arrays are of one shape."""

    glances: Sequence[Glance]

    def __len__(self) -> int:
        return len(self.glances)

    @cached_property
    def n_pixels(self) -> NDArray[np.float64]:
        """Pixels of each picture, shape (n,)."""
        return np.array([one.n_pixels for one in self.glances], np.float64)

    @cached_property
    def levels(self) -> NDArray[np.float64]:
        """Share of the pixels at each grey level, shape (n, 256)."""
        return np.stack([one.histogram for one in self.glances]) / self.n_pixels[:, None]

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """Mean luma, 0 to 255, shape (n,)."""
        return _along(self.levels, np.arange(LEVELS, dtype=np.float64))

    @cached_property
    def variance(self) -> NDArray[np.float64]:
        """Variance of the luma over the pixels, shape (n,)."""
        squares = _along(self.levels, np.arange(LEVELS, dtype=np.float64) ** 2)
        return np.maximum(squares - self.mean**2, 0)

    @cached_property
    def colour(self) -> NDArray[np.float32] | None:
        """Red, green and blue of the small pictures, shape (n, h', w', 3); None if all is grey."""
        small = np.stack([one.small for one in self.glances])
        return small.astype(np.float32) if small.ndim == 4 else None  # noqa: PLR2004 - n, h', w', 3

    @cached_property
    def small_grey(self) -> NDArray[np.float32]:
        """Luma of the small pictures, shape (n, h', w')."""
        if self.colour is not None:
            return _along(self.colour, LUMA)
        return np.stack([one.small for one in self.glances]).astype(np.float32)

    @cached_property
    def bends(self) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Second differences of the luma down and across, at r inner rows, both of shape (n, r, w).

        Across, the first and last column are left at 0.
        """
        rows = np.stack([one.rows for one in self.glances])
        above, at, below = rows[:, 0], rows[:, 1], rows[:, 2]
        twice = np.left_shift(at, 1, dtype=np.int16)
        down = np.add(above, below, dtype=np.int16)
        down -= twice
        across = np.zeros_like(down)
        np.add(at[..., :-2], at[..., 2:], out=across[..., 1:-1], dtype=np.int16)
        across[..., 1:-1] -= twice[..., 1:-1]
        return down, across


def _along(values: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    """Weighted sums over the last axis; no BLAS, whose threads would fight those that decode."""
    found: NDArray[Any] = np.einsum("...k,k->...", values, weights)
    return found


def alike(glances: Sequence[Glance]) -> Iterator[tuple[list[int], Pixels]]:
    """Those of `glances` that are of one shape together, with their places."""
    shapes: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
    for place, one in enumerate(glances):
        shapes.setdefault((one.small.shape, one.rows.shape), []).append(place)
    for (_, (_, rows, width)), places in shapes.items():
        step = max(1, AT_ONCE // max(1, rows * width))
        for start in range(0, len(places), step):
            part = places[start : start + step]
            yield part, Pixels([glances[place] for place in part])
