"""Which images of a window are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.pipeline import sheets
from monitoring_pipelines.pipeline.images import ImageReader
from monitoring_pipelines.pipeline.sheets import scales_of
from tests.images.pictures import file
from tests.pipeline.lab import Lab
from tests.pipeline.photos import days, declared, picture, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("place", ["bytes", "folder"])
def test_the_odd_one_is_the_most_unusual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    log = days([None, None, None], per_day=60)
    odd = file(255 - picture("ring", np.random.default_rng(5)))  # a negative
    log.loc[log["id"] == 130, "image"] = odd
    found: dict[str, list[tuple[bytes, str]]] = {}
    real = sheets.contact_sheet

    def looking(parts: list[tuple[str, list[tuple[bytes, str]]]], max_pixels: int) -> bytes:
        found.update(parts)
        return real(parts, max_pixels)  # type: ignore[arg-type]

    monkeypatch.setattr(sheets, "contact_sheet", looking)
    lab = Lab(tmp_path, declared(**write(tmp_path, log, place)))
    [report] = lab.at_once(lab.day(2))
    assert report.sheet == tmp_path / ".monitoring/images/shapes/sheets/2026-01-03.jpg"
    assert report.sheet.stat().st_size < 400_000
    assert found["Most unusual"][0][0] == odd
    assert odd not in [content for content, _ in found["Most like the reference"]]
    assert len(found["Most unusual"]) == 12
    lab.store.engine.dispose()


def test_it_can_be_left_out_and_old_ones_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = write(tmp_path, days([None, None, None, None], per_day=40))
    lab = Lab(tmp_path, declared(**images, contact_sheet=False))
    assert [report.sheet for report in lab.at_once(lab.day(2))] == [None]
    lab.config = declared(**images)
    monkeypatch.setattr(sheets, "MAX_SHEETS", 1)
    lab.at_once(lab.day(2), lab.day(3))
    folder = ImageReader(lab.model, lab.config.predictions.images).folder / "sheets"  # type: ignore[arg-type]
    assert [path.name for path in folder.iterdir()] == ["2026-01-04.jpg"]
    lab.store.engine.dispose()


def test_without_a_reference_nothing_is_usual() -> None:
    assert scales_of(None) == []
