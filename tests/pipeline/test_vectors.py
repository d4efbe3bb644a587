"""Where the vectors of a model are, and what is refused; runs are in test_embeddings."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.errors import SourceChangedError
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.vectors import VectorReader
from monitoring_pipelines.summaries.binning import Binning
from monitoring_pipelines.summaries.table import TableSummary
from tests.backends.duckdb.engine import rows_of
from tests.backends.models.build import HERE as MODELS
from tests.pipeline.lab import declared

if TYPE_CHECKING:
    from pathlib import Path


def reader(root: Path, **embeddings: dict[str, str]) -> VectorReader:
    return VectorReader.of(Model(declared(embeddings=embeddings), root, root))


def test_a_model_without_any_is_left_as_it_is(tmp_path: Path) -> None:
    none, binning, table = reader(tmp_path), Binning({}), TableSummary(2, 0, {}, (2,))
    rows = rows_of({"id": [1, 2]})
    assert none.fit(rows, binning) is binning
    assert none.beside(table, rows, binning) is table
    assert (none.roles, none.versions) == (set(), "")


def test_paths_are_those_of_the_project_and_changes_are_seen(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.ones((2, 3)))
    shutil.copy(MODELS / "words.onnx", tmp_path)
    found = reader(
        tmp_path,
        image={"column": "place", "location": "v.npy"},
        text={"column": "message", "embedder": "words.onnx"},
    )
    assert found.roles == {"place", "message"}
    file, model = found.columns["image"].file, found.columns["text"].embedder
    assert file is not None
    assert model is not None
    assert (file.n_rows, model.width, found.versions) == (2, None, model.version)
    found.check_unchanged()
    np.save(tmp_path / "v.npy", np.ones((3, 3)))
    assert file.n_rows == 3
    np.save(tmp_path / "v.npy", np.ones((4, 3)))
    with pytest.raises(SourceChangedError):
        found.check_unchanged()
