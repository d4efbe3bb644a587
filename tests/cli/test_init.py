from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import yaml

from tests.cli.conftest import START, log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.conftest import Project


def defs(project: Project, name: str) -> Path:
    (found,) = project.root.glob(f"*/{name}/defs.yaml")
    return found


def test_from_a_log_to_verdicts_in_two_commands(project: Project) -> None:
    made = project("init", "log.parquet", "--name", "fresh")
    assert made.exit_code == 0, made.output
    assert "Next: mlmon run fresh" in made.stdout
    assert "binary_classification" in made.stdout
    attributes = yaml.safe_load(defs(project, "fresh").read_text("utf-8"))["attributes"]
    assert attributes["predictions"] == {
        "location": "log.parquet",
        "columns": {"id": "id", "timestamp": "at", "prediction_score": "score"},
    }
    assert attributes["labels"] == {"columns": {"label": "label"}}
    assert attributes["reference"]["start"] == f"{START:%Y-%m-%d}"
    ran = project("run", "fresh")
    assert "windows of fresh" in ran.stdout, ran.output


def test_nothing_is_written_over(project: Project) -> None:
    before = defs(project, "churn").read_bytes()
    refused = project("init", "log.parquet", "--name", "churn")
    assert refused.exit_code == 2
    assert "is there already; choose another --name." in refused.stderr
    assert defs(project, "churn").read_bytes() == before


def test_a_path_is_written_as_the_project_sees_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project.root / "logs"
    folder.mkdir()
    pq.write_table(log(), folder / "march.parquet")
    monkeypatch.chdir(folder)
    for given, name in (("march.parquet", "one"), ("*.parquet", "all"), ("logs/*.parquet", "far")):
        assert project("init", given, "--name", name).exit_code == 0
    found = [
        yaml.safe_load(defs(project, name).read_text("utf-8"))["attributes"]["predictions"][
            "location"
        ]
        for name in ("one", "all", "far")
    ]
    assert found == ["logs/march.parquet", "logs/*.parquet", "logs/*.parquet"]


def test_json_and_a_log_that_is_not_there(project: Project) -> None:
    told = project.json("init", "log.parquet", "--name", "fresh")
    assert {
        "what": "predictions: id",
        "value": "id",
        "because": "another value in every row",
    } in told
    lost = project("init", "nowhere.parquet")
    assert lost.exit_code == 2
    assert "nowhere.parquet" in lost.stderr


def test_a_name_that_is_none_is_one_line_and_writes_nothing(project: Project) -> None:
    before = sorted(project.root.rglob("*"))
    for name in ("../evil", "two words", "1st", "", "x" * 81, "ä"):
        refused = project("init", "log.parquet", "--name", name)
        assert refused.exit_code == 2, refused.output
        assert refused.stderr.startswith(f"mlmon: '{name}' is no name of a model: a letter, then")
    assert sorted(project.root.rglob("*")) == before


def test_a_long_name_of_a_file_is_cut(project: Project) -> None:
    pq.write_table(log(), project.root / f"{'x' * 120}.parquet")
    assert project("init", f"{'x' * 120}.parquet").exit_code == 0
    assert defs(project, "x" * 80).is_file()
