"""The monitored models of a project, found as Dagster finds them."""

import sys
import tomllib
from pathlib import Path

import dagster as dg
from pydantic import ValidationError

from monitoring_pipelines.components.monitored_model import MonitoredModel, refuse_namesakes
from monitoring_pipelines.errors import ConfigError, MonitoringError
from monitoring_pipelines.orchestration.quiet import young_features
from monitoring_pipelines.pipeline.model import Model


def find_project(start: Path) -> Path:
    """Nearest folder at or above `start` that is a dg project."""
    for folder in (start, *start.parents):
        if (folder / "dg.toml").exists():
            return folder
        pyproject = folder / "pyproject.toml"
        if pyproject.exists() and "[tool.dg" in pyproject.read_text(encoding="utf-8"):
            return folder
    raise ConfigError(
        f"There is no dg project at or above '{start}'. Change into one, or make one: "
        "`pip install create-dagster`, then `create-dagster project NAME`."
    )


def defs_folder(root: Path) -> Path:
    """Folder of the project's definitions, as dg knows it."""
    file = root / "dg.toml"
    text = file if file.exists() else root / "pyproject.toml"
    told = tomllib.loads(text.read_text(encoding="utf-8"))
    project = (told if file.exists() else told["tool"]["dg"]).get("project", {})
    package = project.get("root_module", "")
    module: str = project.get("defs_module", f"{package}.defs")
    places = [base / module.replace(".", "/") for base in (root / "src", root)]
    return next((place for place in places if place.is_dir()), places[-1])


def load_models(root: Path) -> dict[str, Model]:
    """Every `MonitoredModel` of the project at `root`, by name, from YAML and from Python.

    Raises
    ------
    ConfigError
        If one of them cannot be loaded: what is wrong, and file and line where Dagster knows them.
    """
    for folder in (root / "src", root):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    tree = dg.ComponentTree.for_project(root)
    try:
        with young_features():
            components = tree.get_all_components(of_type=MonitoredModel)
            refuse_namesakes(components)
            tree.build_defs()
    except Exception as error:
        # Dagster wraps what a component raises in a class that it does not export
        raise ConfigError(_root_cause(error)) from error
    return {model.name: model for component in components if (model := component.placed)}


def _root_cause(error: BaseException) -> str:
    """Give the sentence of our own or pydantic's error below Dagster's; raise any other."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ValidationError):
            lines = cause.errors()
            places = [".".join(map(str, line["loc"])) for line in lines]
            told = [line["msg"].removeprefix("Value error, ") for line in lines]
            return "; ".join(f"{what} ({where})" for what, where in zip(told, places, strict=True))
        if isinstance(cause, MonitoringError):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    raise error
