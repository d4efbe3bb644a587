from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.components.project import defs_folder, find_project, load_models
from monitoring_pipelines.errors import ConfigError
from tests.dagster_project import attributes, write_model, write_project

if TYPE_CHECKING:
    from pathlib import Path


def test_the_project_is_found_from_below(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p")
    assert find_project(root / "assets" / "fraud") == root
    assert find_project(root) == root


def test_a_dg_toml_is_a_project_too(tmp_path: Path) -> None:
    (tmp_path / "dg.toml").touch()
    assert find_project(tmp_path) == tmp_path


def test_a_pyproject_of_something_else_is_none(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="no dg project at or above"):
        find_project(tmp_path)


@pytest.mark.parametrize("place", ["acme/defs", "src/acme/defs"])
def test_the_folder_of_definitions(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    told = 'directory_type = "project"\n[project]\nroot_module = "acme"\n'
    (tmp_path / "dg.toml").write_text(told, encoding="utf-8")
    assert defs_folder(tmp_path) == tmp_path / place


def test_the_folder_of_definitions_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    assert defs_folder(write_project(tmp_path / "p")) == tmp_path / "p" / "assets"


def test_models_are_loaded_by_name(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", attributes("a"), attributes("b"))
    models = load_models(root)
    assert sorted(models) == ["a", "b"]
    assert models["a"].name == "a"


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", monitoring=False)
    write_model(root, attributes(), folder="fraud_too")
    with pytest.raises(ConfigError, match=r"2 models are named 'fraud'\. Give each"):
        load_models(root)
