"""Bytes to pixels: untrusted input."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from monitoring_pipelines.images.broken import BrokenImageError, Reason
from monitoring_pipelines.images.decode import decode
from tests.images.pictures import file, scene

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANY = 10**9


def why(content: bytes, max_pixels: int = MANY) -> Reason:
    with pytest.raises(BrokenImageError) as broken:
        decode(content, max_pixels)
    return broken.value.reason


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP", "PPM"])
def test_every_format_gives_the_same_pixels(kind: str) -> None:
    more = {"lossless": True} if kind == "WEBP" else {}
    found = decode(file(scene(), kind, **more), MANY)
    assert (found.format, found.mode, found.width, found.height) == (kind, "RGB", 64, 64)
    assert (np.asarray(found.pixels) == scene()).all()
    assert (found.orientation, found.camera) == (0, "none")


def test_what_a_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Leica", "Leica M\0", 6
    found = decode(file(scene(), "JPEG", exif=exif), MANY)
    assert (found.camera, found.orientation) == ("Leica Leica M", 6)


def test_a_camera_that_cannot_be_printed_is_none() -> None:
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "x\x1b[31m", 99
    found = decode(file(scene(), "JPEG", exif=exif), MANY)
    assert (found.camera, found.orientation) == ("none", 0)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has hardly any pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [2_000, 12_000, 60_000])
def test_a_decompression_bomb_is_never_decoded(side: int) -> None:
    assert why(png_header(side, side), 1_000_000) is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>not found</html>", Reason.NO_IMAGE),
        (b"\xff\xd8\xff", Reason.NO_IMAGE),
        (file(scene(), "JPEG")[:900], Reason.DAMAGED),
        (file(scene())[:2000], Reason.DAMAGED),
        (png_header(50, 50), Reason.DAMAGED),
    ],
)
def test_what_is_no_picture(content: bytes, reason: Reason) -> None:
    assert why(content) is reason


@pytest.mark.filterwarnings("ignore")
def test_any_cut_or_changed_byte_is_a_reason_and_no_crash() -> None:
    rng = np.random.default_rng(0)
    for kind in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP"):
        whole = file(scene(side=16), kind)
        for _ in range(60):
            changed = bytearray(whole[: rng.integers(1, len(whole) + 1)])
            changed[rng.integers(len(changed))] = rng.integers(256)
            with suppress(BrokenImageError):
                assert decode(bytes(changed), 10**6).width > 0


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def test_other_pixel_types() -> None:
    deep = np.full((4, 4), 0x80FF, np.uint16)
    assert np.asarray(decode(saved(Image.fromarray(deep)), MANY).pixels).tolist()[0] == [0x80] * 4
    assert decode(saved(Image.new("1", (4, 4), 1)), MANY).pixels.getpixel((0, 0)) == 255
    assert decode(saved(Image.new("CMYK", (4, 4)), "TIFF"), MANY).pixels.mode == "RGB"
    assert decode(saved(Image.new("RGBA", (4, 4), (9, 8, 7, 0))), MANY).pixels.mode == "RGB"
    assert why(saved(Image.new("F", (4, 4), 0.5), "TIFF")) is Reason.PIXEL_TYPE


@pytest.mark.parametrize(("kind", "size"), [("PNG", (1000, 500)), ("JPEG", (750, 375))])
def test_a_large_picture_is_made_smaller(kind: str, size: tuple[int, int]) -> None:
    def picture(array: NDArray[Any]) -> bytes:
        return saved(Image.fromarray(array).resize((3000, 1500)), kind)

    found = decode(picture(scene()), MANY)
    assert (found.width, found.height) == (3000, 1500)
    assert found.pixels.size == size
    assert np.asarray(found.pixels).mean() == pytest.approx(scene().mean(), rel=0.02)
