"""Pictures for tests, and their files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from monitoring_pipelines.images.pixels import Pixels, glance

if TYPE_CHECKING:
    from numpy.typing import NDArray


def pixels(*arrays: NDArray[Any]) -> Pixels:
    """Pictures of one size, grey (h, w) or coloured (h, w, 3)."""
    return Pixels([glance(Image.fromarray(array.astype(np.uint8))) for array in arrays])


def file(array: NDArray[Any], kind: str = "PNG", **more: Any) -> bytes:
    """The bytes of an image file."""
    buffer = io.BytesIO()
    Image.fromarray(array.astype(np.uint8)).save(buffer, kind, **more)
    return buffer.getvalue()


def scene(seed: int = 0, side: int = 64) -> NDArray[np.uint8]:
    """A coloured picture with areas and edges, as photographs have."""
    rng = np.random.default_rng(seed)
    small = rng.integers(30, 220, (8, 8, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC))
