"""The contact sheet."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from monitoring_pipelines.images.sheet import CELL, COLUMNS, MAX_BYTES, Shown, contact_sheet
from tests.images.pictures import file, scene

RED = np.zeros((9, 9, 3), np.uint8)
RED[..., 0] = 255


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def test_images_stand_in_rows_of_six() -> None:
    one = opened(contact_sheet([("Some", [Shown(file(RED), "red")])], 10**6))
    six = opened(contact_sheet([("Some", [Shown(file(RED), "red")] * COLUMNS)], 10**6))
    seven = opened(contact_sheet([("Some", [Shown(file(RED), "red")] * (COLUMNS + 1))], 10**6))
    assert one.size == six.size
    assert seven.height - six.height > CELL
    red, _, _ = one.getpixel((12 + CELL // 2, 46 + CELL // 2))  # type: ignore[misc]
    assert red > 240


def test_broken_and_none() -> None:
    sheet = contact_sheet([("Broken", [Shown(b"none", "x")]), ("None", [])], 10**6)
    assert opened(sheet).width == COLUMNS * (CELL + 12) + 12


def test_its_size_is_limited() -> None:
    rng = np.random.default_rng(0)
    loud = [Shown(file(rng.integers(0, 256, (CELL, CELL, 3))), "") for _ in range(24)]
    assert len(contact_sheet([("A", loud[:12]), ("B", loud[12:])], 10**6)) <= MAX_BYTES
    wide = Shown(file(scene()[:1]), "a very long caption that is cut somewhere")
    contact_sheet([("Wide", [wide])], 10**6)
