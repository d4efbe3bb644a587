"""The reliability diagram, looked at pixel by pixel where it matters."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageColor

from monitoring_pipelines.notify.picture import DATA
from monitoring_pipelines.notify.reliability import LEFT, SIDE, TOP, reliability_png
from monitoring_pipelines.summaries.score_table import ScoreTable


def drawn(*rows: tuple[float, int, int]) -> np.ndarray:
    scores, negatives, positives = (np.array(column) for column in zip(*rows, strict=True))
    png = reliability_png(ScoreTable(scores, negatives, positives))
    assert len(png) < 30_000
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def is_point(picture: np.ndarray, x: float, y: float) -> bool:
    at = picture[round(TOP + SIDE * (1 - y)), round(LEFT + SIDE * x)]
    return bool((np.abs(at.astype(int) - ImageColor.getrgb(DATA)) < 20).all())


def test_points_are_where_the_numbers_are() -> None:
    picture = drawn((0.25, 75, 25), (0.85, 500, 500))
    assert is_point(picture, 0.25, 0.25)  # as sure as right
    assert is_point(picture, 0.85, 0.5)  # too sure
    assert not is_point(picture, 0.85, 0.85)


def test_no_row_and_the_ends() -> None:
    none = np.array([])
    assert reliability_png(ScoreTable(none, none, none))[:4] == b"\x89PNG"
    assert is_point(drawn((0.0, 9, 0), (1.0, 0, 9)), 0, 0)
