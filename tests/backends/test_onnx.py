"""Vectors of two real models that `models/build.py` made, and what is said of others."""

from __future__ import annotations

import builtins
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.backends.onnx import OnnxEmbedder, PictureInput
from monitoring_pipelines.errors import (
    ConfigError,
    SourceChangedError,
    SourceNotFoundError,
    SourceUnreadableError,
)
from tests.backends.models.build import PICTURE_WEIGHTS, WEIGHTS, WORD_VECTORS, WORDS

MODELS = Path(__file__).parent / "models"


def model(name: str, folder: Path = MODELS) -> OnnxEmbedder:
    return OnnxEmbedder(folder / name, f"models/{name}")


def test_texts_by_the_words_that_they_hold() -> None:
    embedder = model("words.onnx")
    assert embedder.width is None
    found = embedder.embed(np.array(["late and broken late", "nothing", "love"], dtype=object))
    of = dict(zip(WORDS, np.array(WORD_VECTORS), strict=True))
    assert found.tolist() == [
        (2 * of["late"] + of["broken"]).tolist(),
        [0.0] * 4,
        of["love"].tolist(),
    ]
    assert found.dtype == np.float64


def test_numbers_in_more_than_one_batch() -> None:
    embedder = model("numbers.onnx")
    assert embedder.width == 3
    rows = np.random.default_rng(0).normal(size=(600, 3))
    # the model has 32 bits
    assert embedder.embed(rows) == pytest.approx(np.tanh(rows @ WEIGHTS), abs=1e-5)
    embedder.check_unchanged()


def test_pictures_in_the_model_s_own_layout() -> None:
    rng = np.random.default_rng(0)
    first = model("pictures.onnx")
    assert first.width is None
    assert first.picture == PictureInput(3, 16, 16, is_first=True, is_bytes=False)
    inputs = rng.uniform(size=(70, 3, 16, 16)).astype(np.float32)
    expected = inputs.mean(axis=(2, 3)) @ PICTURE_WEIGHTS
    assert first.embed(inputs) == pytest.approx(expected, abs=1e-5)
    last = model("levels.onnx")  # takes one at a time
    assert last.picture == PictureInput(3, None, None, is_first=False, is_bytes=True)
    levels = rng.integers(0, 256, (5, 8, 9, 3), dtype=np.uint8)
    expected = levels.mean(axis=(1, 2)) @ PICTURE_WEIGHTS
    assert last.embed(levels) == pytest.approx(expected, abs=1e-3)
    assert model("words.onnx").picture is None
    assert model("numbers.onnx").picture is None


def test_inputs_that_the_model_refuses() -> None:
    with pytest.raises(SourceUnreadableError, match=r"'models/numbers.onnx'.*\(InvalidArgument\)"):
        model("numbers.onnx").embed(np.zeros((2, 4)))


def test_what_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "v.onnx").write_bytes(b"garbage")
    with pytest.raises(SourceUnreadableError, match="cannot open it as a model"):
        _ = model("v.onnx", tmp_path).width
    with pytest.raises(SourceNotFoundError, match="models/w.onnx"):
        _ = model("w.onnx", tmp_path).width


def test_a_model_that_is_replaced_makes_other_vectors(tmp_path: Path) -> None:
    shutil.copy(MODELS / "words.onnx", tmp_path / "v.onnx")
    embedder = model("v.onnx", tmp_path)
    embedder.check_unchanged()  # nothing was made
    first = embedder.version
    assert embedder.width is None
    shutil.copy(MODELS / "numbers.onnx", tmp_path / "v.onnx")
    with pytest.raises(SourceChangedError):
        embedder.check_unchanged()
    assert embedder.version != first
    assert embedder.width == 3


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError(name)
        return plain(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match=r"pip install 'monitoring-pipelines\[onnx\]'"):
        _ = model("words.onnx").width
