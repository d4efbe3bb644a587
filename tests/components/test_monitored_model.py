from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
import yaml
from dagster.components.testing import create_defs_folder_sandbox

from monitoring_pipelines.components import MonitoredModel
from monitoring_pipelines.components.project import load_models
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.errors import ConfigError
from tests.dagster_project import (
    CHECKOUT,
    attributes,
    clean_environment,
    copy_checkout,
    run,
    write_model,
    write_project,
)

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.pipeline.model import Model


def load(root: Path, *models: dict[str, Any]) -> dict[str, Model]:
    return load_models(write_project(root, *models))


def cause(caught: pytest.ExceptionInfo[Exception]) -> BaseException:
    """The error under Dagster's frames."""
    error: BaseException = caught.value
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def from_yaml(written: dict[str, Any]) -> MonitoredModel:
    with create_defs_folder_sandbox() as sandbox:
        folder = sandbox.scaffold_component(MonitoredModel)
        text = yaml.safe_dump({"type": "monitoring_pipelines.components.MonitoredModel"})
        text += yaml.safe_dump({"attributes": written}, sort_keys=False)
        (folder / "defs.yaml").write_text(text, encoding="utf-8")
        with sandbox.load_component_and_build_defs(defs_path=folder) as (component, _):
            assert isinstance(component, MonitoredModel)
            return component


def test_yaml_and_python_give_the_same_model() -> None:
    written = attributes(
        segments=["channel"],
        performance={"metric": "log_loss", "tolerance": 0.02},
        features={"exclude": ["amount"]},
        timezone="America/New_York",
    )
    read = from_yaml(written)
    assert ModelConfig(**read.model_dump()) == ModelConfig.model_validate(written)
    assert read.fingerprint == ModelConfig.model_validate(written).fingerprint


@pytest.mark.parametrize("text", ["1", "2024", "1.10"])
def test_a_text_that_looks_like_a_number_stays_text(text: str) -> None:
    written = attributes()
    written["labels"]["positive"] = text
    written["predictions"]["columns"]["id"] = text
    read = from_yaml(written)
    assert read.labels is not None
    assert read.labels.positive == text
    assert read.predictions.columns.id == text


def test_the_environment_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE", "postgresql://reader:secret@host/db")
    written = attributes()
    written["predictions"] |= {"location": "{{ env.WAREHOUSE }}", "table": "scores"}
    read = from_yaml(written)
    assert read.predictions.location == "postgresql://reader:secret@host/db"
    assert "secret" not in read.predictions.safe_location


def test_an_unset_variable_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAREHOUSE", raising=False)
    written = attributes()
    written["predictions"] |= {"location": "{{ env.WAREHOUSE }}", "table": "scores"}
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "p", written)
    assert str(cause(caught)) == (
        f"{tmp_path / 'p' / 'assets' / 'fraud'}: `predictions.location` is "
        "{{ env.WAREHOUSE }}, and that is not set in the environment."
    )


@pytest.mark.parametrize(
    "url", ["postgresql://reader:hunter2@host/db", "postgres://reader:hunt@er2@host/db"]
)
@pytest.mark.parametrize("section", ["predictions", "labels"])
def test_a_password_in_the_file_is_refused_and_not_shown(
    tmp_path: Path, section: str, url: str
) -> None:
    written = attributes()
    written[section]["location"] = url
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "p", written)
    told = str(cause(caught))
    assert f"`{section}.location` holds a password" in told
    assert "hunt" not in told
    assert "er2" not in told


def test_a_password_may_come_from_python(monkeypatch: pytest.MonkeyPatch) -> None:
    written = attributes()
    written["predictions"] |= {"location": "postgresql://u:p@host/db", "table": "scores"}
    assert MonitoredModel.model_validate(written).predictions.is_database


def test_a_misspelt_key_is_told_with_file_line_and_the_likely_key(tmp_path: Path) -> None:
    written = attributes()
    written["labels"]["matuity"] = written["labels"].pop("maturity")
    root = write_project(tmp_path / "p", written)
    file = root / "assets" / "fraud" / "defs.yaml"
    line = file.read_text(encoding="utf-8").splitlines().index("    matuity: 30d") + 1
    with pytest.raises(ConfigError) as caught:
        load_models(root)
    told = str(cause(caught))
    assert f"{file}:{line}" in told
    assert "Unknown key 'matuity'. Did you mean 'maturity'?" in told


@pytest.mark.slow
def test_dagsters_own_commands_name_file_line_and_key(tmp_path: Path) -> None:
    root = copy_checkout(tmp_path / "p", attributes(ownr="team:risk", owner=None, window=5))
    file = root / "assets" / "fraud" / "defs.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()

    found = run(["dg", "check", "yaml"], root)
    assert found.returncode == 1
    assert f"{file}:{lines.index('  ownr: team:risk') + 1}" in found.stdout
    assert "'ownr' is not one of ['name', 'task', 'owner'" in found.stdout
    assert f"{file}:{lines.index('  window: 5') + 1}" in found.stdout
    assert "5 is not one of ['hour', 'day', 'week', 'month', 'year']" in found.stdout

    found = run(["dagster", "definitions", "validate", "-w", "workspace.yaml"], root)
    assert found.returncode == 1
    assert f"{file}:{lines.index('  ownr: team:risk') + 1}" in found.stdout
    assert "Did you mean 'owner'?" in found.stdout

    impossible = attributes()
    del impossible["predictions"]["columns"]["prediction_score"]
    write_model(root, impossible)
    found = run(["dg", "check", "defs"], root)
    assert found.returncode == 1
    assert f"{file}:2" in found.stdout
    assert "A binary classification needs `prediction_score` or `prediction`" in found.stdout


def test_a_file_without_attributes_is_told(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p")
    file = root / "assets" / "fraud" / "defs.yaml"
    file.write_text("type: monitoring_pipelines.components.MonitoredModel\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_models(root)
    assert "a MonitoredModel needs `attributes`" in str(cause(caught))


@pytest.mark.parametrize(
    "task", ["binary_classification", "multiclass_classification", "regression"]
)
def test_what_is_scaffolded_loads(task: str) -> None:
    with create_defs_folder_sandbox() as sandbox:
        folder = sandbox.scaffold_component(
            MonitoredModel, scaffold_params={"task": task}, defs_path="churn"
        )
        with sandbox.load_component_and_build_defs(defs_path=folder) as (component, defs):
            assert isinstance(component, MonitoredModel)
            assert component.name == "churn"
            assert component.task.value == task
            keys = defs.resolve_asset_graph().get_all_asset_keys()
            assert dg.AssetKey(["churn", "drift"]) in keys


def test_paths_start_at_the_project_and_the_suite_beside_the_file(tmp_path: Path) -> None:
    model = load(tmp_path / "p")["fraud"]
    assert model.root == tmp_path / "p"
    assert model.folder == tmp_path / "p" / "assets" / "fraud"


def test_a_model_in_python_is_placed_beside_its_file(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p")
    folder = root / "assets" / "churn"
    folder.mkdir()
    (folder / "component.py").write_text(
        "import dagster as dg\n"
        "from monitoring_pipelines.components import MonitoredModel\n\n\n"
        "@dg.component_instance\n"
        "def churn(context: dg.ComponentLoadContext) -> MonitoredModel:\n"
        f"    return MonitoredModel.model_validate({attributes('churn')!r})\n",
        encoding="utf-8",
    )
    models = load_models(root)
    assert set(models) == {"fraud", "churn"}
    assert models["churn"].folder == folder


HEAVY = ["pandas", "duckdb", "sklearn", "great_expectations", "scipy", "pyarrow", "sqlalchemy"]


def measured(root: Path, what: str) -> dict[str, Any]:
    """Run a script in a fresh process; it leaves `found` to be given back."""
    script = f"import json, sys, time\n{what}\nprint(json.dumps(found))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=root,
        env=clean_environment(CHECKOUT),
        text=True,
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_components_load_nothing_heavy(tmp_path: Path) -> None:
    # Dagster imports a registry module in every project of the environment, used or not
    what = f"""
import dagster
before = set(sys.modules)
import monitoring_pipelines.components
found = {{"heavy": [name for name in {HEAVY} if name in set(sys.modules) - before]}}
"""
    assert measured(tmp_path, what) == {"heavy": []}


def test_a_hundred_models_load_nothing_heavy(tmp_path: Path) -> None:
    # what it costs is measured in benchmarks/definitions.py
    root = write_project(tmp_path / "p", *(attributes(f"model_{i}") for i in range(100)))
    what = f"""
import dagster as dg
sys.path.insert(0, {str(root)!r})
import assets
from pathlib import Path
definitions = dg.load_from_defs_folder(path_within_project=Path(assets.__path__[0]).resolve())
repository = definitions.get_repository_def()
found = {{
    "assets": len(repository.asset_graph.get_all_asset_keys()),
    "heavy": [name for name in {HEAVY} if name in sys.modules],
}}
"""
    # predictions, quality, drift, labels, performance, security and governance of each, and the
    # alerts of all
    assert measured(root, what) == {"assets": 801, "heavy": []}


def test_the_schema_names_the_keys_that_exist() -> None:
    schema = MonitoredModel.get_model_cls().model_json_schema()
    assert "owner" in schema["propertyNames"]["enum"]
    assert schema["properties"]["labels"]["$ref"].endswith("Labels")


def test_python_models_are_checked_like_yaml() -> None:
    with pytest.raises(ValueError, match="Did you mean 'owner'"):
        MonitoredModel.model_validate(attributes(ownr="team:risk"))
    assert issubclass(ConfigError, ValueError)
