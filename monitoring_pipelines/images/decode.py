"""Bytes to pixels, once, with limits: a picture is untrusted input."""

from __future__ import annotations

import io
import math
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.images.broken import BrokenImageError, Reason

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
# larger pictures are decoded at a fraction of their size
MAX_SIDE = 1024
MAX_CAMERA = 60
NO_CAMERA, NO_ORIENTATION = "none", 0
_MAKE, _MODEL, _ORIENTATION = 0x010F, 0x0110, 0x0112
# what a decoder raises of bytes that are no picture
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded image: `pixels` in mode L, RGB or YCbCr, and what its file says of it.

    `width` and `height` are those of the file; `pixels` may be smaller by a whole factor.
    `orientation` is the EXIF number (1 to 8), 0 if there is none; the pixels are as stored, not
    turned. `camera` is the EXIF maker and model, or "none".
    """

    pixels: Image
    width: int
    height: int
    format: str
    mode: str
    orientation: int
    camera: str

    @property
    def aspect_ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


def decode(content: bytes, max_pixels: int) -> Picture:
    """The first frame of an image; transparency is left out.

    A picture with a side longer than 1,024 is made smaller by a whole factor, to a longer side of
    512 to 1,024: a JPEG while it is decoded, others by averaging.

    Raises
    ------
    BrokenImageError
        With the reason.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BrokenImageError(Reason.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise BrokenImageError(Reason.NO_IMAGE) from None
    except _DAMAGE:
        raise BrokenImageError(Reason.DAMAGED) from None
    width, height = image.size
    if width * height > max_pixels:  # told by the header, before any memory is asked for
        raise BrokenImageError(Reason.TOO_MANY_PIXELS)
    try:
        mode, kind = image.mode, str(image.format)
        orientation, camera = _exif(image)
        return Picture(_pixels(image), width, height, kind, mode, orientation, camera)
    except _DAMAGE:
        raise BrokenImageError(Reason.DAMAGED) from None


def _pixels(image: Image) -> Image:
    factor = math.ceil(max(image.size) / MAX_SIDE)
    size = (image.width // factor, image.height // factor) if factor > 1 else None
    image.draft("YCbCr" if image.mode == "RGB" else None, size)  # a JPEG has its luma apart
    image.load()
    plain = _plain(image)
    factor = math.ceil(max(plain.size) / MAX_SIDE)
    return plain.reduce(factor) if factor > 1 else plain


def _plain(image: Image) -> Image:
    from PIL import Image as Pillow

    if image.mode in {"L", "RGB", "YCbCr"}:
        return image
    if image.mode in {"1", "LA", "La"}:
        return image.convert("L")
    if image.mode.startswith("I;16"):
        import numpy as np

        return Pillow.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in {"I", "F"}:
        raise BrokenImageError(Reason.PIXEL_TYPE)
    return image.convert("RGB")


def _exif(image: Image) -> tuple[int, str]:
    if "exif" not in image.info and image.format != "TIFF":
        return NO_ORIENTATION, NO_CAMERA
    try:
        told = image.getexif()
        orientation = told.get(_ORIENTATION, NO_ORIENTATION)
        parts = [str(told.get(tag) or "").strip("\0 ") for tag in (_MAKE, _MODEL)]
    except _DAMAGE:  # the pixels may be fine
        return NO_ORIENTATION, NO_CAMERA
    camera = " ".join(part for part in dict.fromkeys(parts) if part.isprintable() and part)
    known = isinstance(orientation, int) and 1 <= orientation <= 8  # noqa: PLR2004 - as in EXIF
    return orientation if known else NO_ORIENTATION, camera[:MAX_CAMERA] or NO_CAMERA
