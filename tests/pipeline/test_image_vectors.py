"""Vectors of images by a model in a file, through the whole pipeline."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from monitoring_pipelines.backends.onnx import OnnxEmbedder
from monitoring_pipelines.config.embeddings import PictureScale
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.image_vectors import ImageEmbedder, layout_of
from monitoring_pipelines.pipeline.images import ImageReader
from monitoring_pipelines.pipeline.model import Model
from tests.backends.models.build import HERE as MODELS
from tests.backends.models.build import PICTURE_WEIGHTS
from tests.pipeline.lab import Lab
from tests.pipeline.photos import darker, days, declared, write

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def model_of(images: dict[str, Any], **embedding: Any) -> ModelConfig:
    values = declared(**images).model_dump(mode="json")
    values["embeddings"] = {"look": {"column": "image"} | embedding}
    values["labels"] = None
    return ModelConfig.model_validate(values)


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    return days([None, None, None, darker], per_day=240, seed=2)


@pytest.mark.parametrize("place", ["bytes", "struct", "folder"])
def test_a_change_of_the_images_is_one_of_their_vectors(
    tmp_path: Path, log: pd.DataFrame, place: str
) -> None:
    shutil.copy(MODELS / "pictures.onnx", tmp_path)
    contents = list(log["image"])
    here = log.index[log["id"].between(480, 719)]
    for at in here[:12]:
        contents[at] = b"<html>"
    config = model_of(write(tmp_path, log.assign(image=contents), place), embedder="pictures.onnx")
    lab = Lab(tmp_path, config)
    lab.at_once(lab.day(2), lab.day(3))
    for day, wanted in ((2, Verdict.OK), (3, Verdict.WARN)):
        found = lab.one(lab.day(day), "frechet_distance", "look")
        assert found.verdict is wanted, found.reason
        assert found.n == (228 if day == 2 else 240)
    assert lab.one(lab.day(2), "missing_rate", "look").value == pytest.approx(12 / 240)
    # the properties are there as ever
    assert lab.one(lab.day(3), "jensen_shannon", "image_brightness").verdict is Verdict.WARN
    lab.store.engine.dispose()


def test_vectors_are_those_of_the_pictures_and_a_broken_one_has_none(tmp_path: Path) -> None:
    config = model_of({}, embedder="levels.onnx", pictures={"size": 8})
    images = ImageReader(Model(config, tmp_path, tmp_path), config.predictions.images)  # type: ignore[arg-type]
    onnx = OnnxEmbedder(MODELS / "levels.onnx", "levels.onnx")
    assert onnx.picture is not None
    layout = layout_of(onnx.picture, PictureScale(size=8), "levels.onnx")
    buffer = io.BytesIO()
    Image.new("RGB", (20, 30), (10, 20, 30)).save(buffer, "PNG")
    embedder = ImageEmbedder(onnx, layout, images)
    found = embedder.embed(np.array([b"<html>", buffer.getvalue()], dtype=object))
    assert np.isnan(found[0]).all()
    assert found[1] == pytest.approx(np.array([10, 20, 30]) @ PICTURE_WEIGHTS)
    assert np.isnan(embedder.embed(np.array([b"x"], dtype=object))).all()
    assert len(embedder.embed(np.array([], dtype=object))) == 0
    embedder.check_unchanged()
    assert (embedder.width, embedder.version) == (None, onnx.version)


def test_mistakes_are_one_sentence(tmp_path: Path, log: pd.DataFrame) -> None:
    images = write(tmp_path, log)
    shutil.copy(MODELS / "levels.onnx", tmp_path)
    shutil.copy(MODELS / "pictures.onnx", tmp_path)
    lab = Lab(tmp_path, model_of(images, embedder="levels.onnx"))
    with pytest.raises(ConfigError, match="takes pictures of any size: say one in"):
        lab.at_once(lab.day(2))
    lab.config = model_of(images, embedder="pictures.onnx", column="shape")
    with pytest.raises(ConfigError, match="must be that of `predictions.images`"):
        lab.at_once(lab.day(2))
    for wrong, said in (
        ({"std": [0.0]}, "above 0"),
        ({"mean": [1.0, 2.0]}, "one number, or three"),
    ):
        with pytest.raises(ValueError, match=said):
            model_of(images, embedder="pictures.onnx", pictures=wrong)
    lab.store.engine.dispose()
