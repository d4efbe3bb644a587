"""Files and answers of MLflow, by its documented fields; no version is approved by being there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.cards.document import read_document
from monitoring_pipelines.pipeline.cards.mlflow import read_mlflow

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.pipeline.cards.draft import Draft

MLMODEL = {
    "artifact_path": "model",
    "flavors": {"python_function": {"loader_module": "mlflow.sklearn"}, "sklearn": {}},
    "mlflow_version": "2.9.2",
    "model_uuid": "f2c1",
    "run_id": "a7b0",
    "utc_time_created": "2026-01-05 10:00:00.000000",
}
META = {
    "name": "credit",
    "description": "Limits of\ncredit cards",
    "creation_timestamp": 1_767_607_200_000,
    "last_updated_timestamp": 1_767_607_200_000,
}
REGISTERED = {
    "registered_model": {
        "name": "credit",
        "description": "Limits of credit cards",
        "tags": [{"key": "team", "value": "risk"}],
        "aliases": [{"alias": "champion", "version": "3"}],
        "latest_versions": [
            {"version": "3", "user_id": "ana", "current_stage": "None",
             "creation_timestamp": 1_767_607_200_000},
            {"version": "2", "user_id": "bo", "current_stage": "Archived"},
        ],
    }
}  # fmt: skip
RUN = {
    "run": {
        "info": {"user_id": "ana", "run_id": "a7b0"},
        "data": {"metrics": [{"key": "auc", "value": 0.87}]},
        "inputs": {"dataset_inputs": [{"dataset": {"name": "loans", "digest": "9d1e"}}]},
    }
}


def read(folder: Path, name: str, content: Any) -> Draft:
    dump = json.dumps if name.endswith(".json") else yaml.safe_dump
    (folder / name).write_text(dump(content), encoding="utf-8")
    return read_mlflow(read_document(folder / name))


def test_a_model_file(tmp_path: Path) -> None:
    draft = read(tmp_path, "MLmodel", MLMODEL)
    assert draft.filled == {}
    assert "run_id: a7b0" in draft.notes
    assert "flavors: python_function, sklearn" in draft.notes


def test_the_file_of_a_registered_model(tmp_path: Path) -> None:
    assert read(tmp_path, "meta.yaml", META).filled == {"purpose": "Limits of credit cards"}


def test_an_answer_about_a_registered_model(tmp_path: Path) -> None:
    draft = read(tmp_path, "credit.json", REGISTERED)
    assert draft.filled == {"purpose": "Limits of credit cards", "authors": ["ana", "bo"]}
    assert draft.notes[-1] == (
        "versions, none of them approved by that: 3 (champion, made 2026-01-05), 2 (Archived)"
    )
    assert "approved_versions" in draft.left
    assert "tag team: risk" in draft.notes


def test_answers_about_versions_and_runs(tmp_path: Path) -> None:
    one = REGISTERED["registered_model"]["latest_versions"][0]
    for content in ({"model_version": one}, {"model_versions": [one]}):
        draft = read(tmp_path, "v.json", content)
        assert draft.filled == {"authors": ["ana"]}
        assert draft.notes[-1].endswith("3 (made 2026-01-05)")
    draft = read(tmp_path, "run.json", RUN)
    assert draft.filled == {
        "authors": ["ana"], "data_sources": [{"name": "loans", "version": "9d1e"}],
    }  # fmt: skip
    assert "reported auc 0.87" in draft.notes


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"a": 1}, "x.yaml:1: it is neither an MLmodel file"),
        ({"a": 1, "run": 7}, "x.yaml:2: `run` is no object"),
        ({"model_versions": [7]}, "x.yaml:1: `model_versions` is a list of versions"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, content: Any, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read(tmp_path, "x.yaml", content)


def test_odd_fields_are_left_out(tmp_path: Path) -> None:
    odd = {"registered_model": {"name": 1, "latest_versions": "x", "tags": [3], "aliases": None}}
    assert read(tmp_path, "o.json", odd).filled == {}
    late = {"model_version": {"version": 4, "creation_timestamp": "soon"}}
    assert read(tmp_path, "l.json", late).notes[-1].endswith(": 4")
