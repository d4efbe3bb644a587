"""What the properties of pictures are computed from, for pictures of one size side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

# shorter side of the small pictures, at least
SMALL = 28
# pixels whose fine detail is looked at together: they stay in a core's cache
AT_ONCE = 60_000
# rows of a picture whose fine detail is looked at, at least
ROWS = 24
LEVELS = 256
THUMBNAIL = (9, 8)
LEAST_SIDE = 3
LUMA = 0.299, 0.587, 0.114


class Glance(NamedTuple):
    """One picture in `mode` L, RGB or YCbCr, looked at once while it is in the processor's cache.

    `histogram` counts its pixels by luma (ITU-R 601, 0 to 255); `small` is the picture averaged
    over whole blocks of `factor` pixels to a shorter side of 28 to 55; `rows` are the luma of r
    inner rows, each between those above and below it, shape (r, 3, w).

    All inner rows are taken of a picture with less than 72 rows, of a higher one every k-th, at
    least 24 of them. There are none (r = 0) if it is smaller than 3 by 3.
    """

    mode: str
    size: tuple[int, int]
    factor: int
    histogram: list[int]
    small: Image
    rows: NDArray[np.uint8]


def glance(image: Image) -> Glance:
    """Look at a decoded image in mode L, RGB or YCbCr, which is the fastest."""
    grey = _luma(image)
    factor = max(1, min(image.size) // SMALL)
    small = image.reduce(factor) if factor > 1 else image
    # without a copy: a picture of at most 1,024 by 1,024 pixels is one piece of memory
    luma = pa.array(grey).to_numpy().reshape(grey.height, grey.width)
    rows = luma.take(_inner_rows(grey.height), axis=0)
    return Glance(image.mode, image.size, factor, grey.histogram(), small, rows)


def _luma(image: Image) -> Image:
    if image.mode == "YCbCr":
        return image.getchannel(0)
    return image if image.mode == "L" else image.convert("L")


@lru_cache(maxsize=1024)
def _inner_rows(height: int) -> NDArray[np.intp]:
    """Numbers of rows in threes, shape (r, 3)."""
    # odd, since JPEG has blocks of eight
    step = max(1, height // ROWS - 1) | 1
    return np.add.outer(np.arange(0, height - 2, step), np.arange(3))


@dataclass(frozen=True, eq=False)
class Pixels:
    """`glances` at n pictures of one mode and size."""

    glances: Sequence[Glance]

    def __len__(self) -> int:
        return len(self.glances)

    @cached_property
    def levels(self) -> NDArray[np.float64]:
        """Share of the pixels at each grey level, shape (n, 256)."""
        width, height = self.glances[0].size
        return np.array([one.histogram for one in self.glances]) / (width * height)

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
    def bands(self) -> list[NDArray[np.float32]]:
        """The small pictures' bands, as in their mode, each of shape (n, h', w')."""
        first = self.glances[0].small
        one_below_another = first.resize((first.width, first.height * len(self)))
        for place, one in enumerate(self.glances):  # Pillow gives numpy one large one faster
            one_below_another.paste(one.small, (0, place * first.height))
        shape = len(self), first.height, first.width, -1
        pixels = np.asarray(one_below_another).reshape(shape)
        return [pixels[..., k].astype(np.float32, order="C") for k in range(pixels.shape[-1])]

    @cached_property
    def colour(self) -> list[NDArray[np.float32]]:
        """Red, green and blue of the small pictures, each (n, h', w'); none if all is grey."""
        mode = self.glances[0].mode
        if mode == "L":
            return []
        return _rgb(*self.bands) if mode == "YCbCr" else self.bands

    @cached_property
    def small_grey(self) -> NDArray[np.float32]:
        """Luma of the small pictures, shape (n, h', w')."""
        if self.glances[0].mode != "RGB":
            return self.bands[0]
        red, green, blue = self.bands
        luma: NDArray[np.float32] = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue
        return luma

    @cached_property
    def thumbnails(self) -> NDArray[np.uint8]:
        """The pictures in grey, averaged to 9 by 8 pixels, shape (n, 72)."""
        one = self.glances[0]
        # the last block may be a part of one
        across, down = (
            _weights(n, whole / one.factor, wanted)
            for n, whole, wanted in zip(one.small.size, one.size, THUMBNAIL, strict=True)
        )
        found = down.T @ self.small_grey @ across
        return np.rint(found).astype(np.uint8).reshape(len(self), -1)

    @property
    def rows(self) -> Iterator[NDArray[np.int16]]:
        """Their `rows`, a few pictures at a time, shape (k, r, 3, w); the k add up to n."""
        step = max(1, AT_ONCE // max(1, self.glances[0].rows.size // 3))
        for start in range(0, len(self), step):
            yield np.stack([one.rows for one in self.glances[start : start + step]], dtype=np.int16)


def _along(values: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    """Weighted sums over the last axis; no BLAS, whose threads would fight those that decode."""
    found: NDArray[Any] = np.einsum("...k,k->...", values, weights)
    return found


def _rgb(
    luma: NDArray[np.float32], blue: NDArray[np.float32], red: NDArray[np.float32]
) -> list[NDArray[np.float32]]:
    """Colours of luma and two chromas, as JPEG has them (ITU-T T.871, section 7)."""
    blue, red = blue - 128, red - 128
    found = luma + 1.402 * red, luma - 0.344136 * blue - 0.714136 * red, luma + 1.772 * blue
    return [np.clip(one, 0, 255, out=one) for one in found]


@lru_cache(maxsize=1024)
def _weights(n: int, whole: float, wanted: int) -> NDArray[np.float32]:
    """How much each of `n` pixels, of which there are `whole`, counts in each of `wanted` ones."""
    from PIL import Image

    alone = Image.fromarray(np.eye(n, dtype=np.float32))  # each row has one pixel that is 1
    resized = alone.resize((wanted, n), Image.Resampling.BILINEAR, (0, 0, whole, n))
    return np.asarray(resized)


def alike(glances: Sequence[Glance]) -> Iterator[tuple[list[int], Pixels]]:
    """Those of `glances` that are of one mode and size together, with their places."""
    kinds: dict[tuple[str, tuple[int, int]], list[int]] = {}
    for place, one in enumerate(glances):
        kinds.setdefault((one.mode, one.size), []).append(place)
    for places in kinds.values():
        yield places, Pixels([glances[place] for place in places])
