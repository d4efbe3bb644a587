"""The confusion table as a picture."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from monitoring_pipelines.notify.heatmap import DARK, LEFT, PLOT, TOP, confusion_png
from monitoring_pipelines.summaries.confusion import Confusion


def drawn(counts: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    png = confusion_png(Confusion(names, counts))
    assert len(png) < 60_000
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_the_darker_the_more_of_the_row() -> None:
    picture = drawn(np.array([[10, 0, 0], [10, 10, 0], [0, 0, 0]]), ("a", "b", "c"))
    corner = [
        [picture[TOP + i * PLOT // 3 + 6, LEFT + j * PLOT // 3 + 6] for j in range(3)]
        for i in range(3)
    ]
    assert np.abs(corner[0][0] - DARK).max() < 12
    assert np.abs(corner[1][0] - (255 + DARK) / 2).max() < 12
    assert (corner[0][1] > 250).all()
    assert (corner[2][2] > 250).all()  # a class without rows


def test_hostile_names_many_classes_and_none() -> None:
    names = ("<script>", "`x`|\n", "\u202eevil", "a" * 500)
    assert drawn(np.eye(4, dtype=int), names).shape[1] == LEFT + PLOT + 24
    many = tuple(f"{i:03}" for i in range(150))
    drawn(np.eye(150, dtype=int), many)
    assert confusion_png(Confusion((), np.zeros((0, 0), dtype=int)))[:4] == b"\x89PNG"
