"""A contact sheet: the most usual and the most unusual images of a window, to be looked at."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines.images.broken import BrokenImageError
from monitoring_pipelines.images.decode import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

COLUMNS, CELL, GAP, CAPTION, HEADING = 6, 160, 12, 26, 46
TITLE_SIZE, TEXT_SIZE = 24, 15
INK, PALE = "#1d1c1d", "#616061"
MAX_BYTES, QUALITIES = 400_000, (85, 60, 35)
MAX_CAPTION = 24


class Shown(NamedTuple):
    """The bytes of an image, and what is written below it."""

    content: bytes
    caption: str


def contact_sheet(parts: Sequence[tuple[str, Sequence[Shown]]], max_pixels: int) -> bytes:
    """A JPEG of at most 400 kB: each of `parts` is a title and its images, six in a row.

    An image that cannot be decoded is left out. Titles and captions are ours, not the data's.
    """
    from PIL import Image, ImageDraw, ImageFont

    decoded = [(title, _decoded(images, max_pixels)) for title, images in parts]
    heights = [HEADING + _rows(images) * (CELL + CAPTION + GAP) for _, images in decoded]
    width = COLUMNS * (CELL + GAP) + GAP
    sheet = Image.new("RGB", (width, sum(heights) + GAP), "white")
    draw = ImageDraw.Draw(sheet)
    draw.font = ImageFont.load_default(TEXT_SIZE)
    top = 0
    for (title, images), height in zip(decoded, heights, strict=True):
        draw.text((GAP, top + GAP), title, INK, ImageFont.load_default(TITLE_SIZE))
        for place, (image, caption) in enumerate(images):
            row, column = divmod(place, COLUMNS)
            corner = GAP + column * (CELL + GAP), top + HEADING + row * (CELL + CAPTION + GAP)
            _put(sheet, draw, corner, (image, caption))
        top += height
    return _small(sheet)


def _decoded(images: Sequence[Shown], max_pixels: int) -> list[tuple[Image, str]]:
    found = []
    for content, caption in images:
        try:
            found.append((decode(content, max_pixels).pixels, caption))
        except BrokenImageError:
            continue
    return found


def _rows(images: Sequence[Any]) -> int:
    return -(-len(images) // COLUMNS)


def _put(sheet: Image, draw: ImageDraw, corner: tuple[int, int], shown: tuple[Image, str]) -> None:
    from PIL.Image import Resampling

    image, caption = shown
    scale = CELL / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    # a small picture is shown by its pixels, which blur would hide
    fitted = image.resize(size, Resampling.NEAREST if scale > 1 else Resampling.LANCZOS)
    x, y = corner[0] + (CELL - size[0]) // 2, corner[1] + (CELL - size[1]) // 2
    sheet.paste(fitted.convert("RGB"), (x, y))
    below = corner[0] + CELL / 2, corner[1] + CELL + 5
    draw.text(below, caption[:MAX_CAPTION], PALE, anchor="mt")


def _small(sheet: Image) -> bytes:
    content = b""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality)
        content = buffer.getvalue()
        if len(content) <= MAX_BYTES:
            break
    return content
