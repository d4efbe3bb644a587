"""`mlmon init`: a first configuration from a look at a log."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import now, root_of
from monitoring_pipelines.errors import ConfigError


@click.command()
@click.argument("location")
@click.option("--labels", help="Where the truth lies, if not in the log itself.")
@click.option("--name", help="Name of the model; by default from LOCATION.")
@format_option("table", "json")
@click.pass_obj
def init(folder: Path, /, location: str, labels: str | None, name: str | None, style: str) -> None:
    """Look at a prediction log, and write the YAML of a model with what is assumed of it.

    LOCATION is a file, a glob (in quotes), a directory or a URL. Nothing is written if a model of
    that name is there already.
    """
    from monitoring_pipelines.components.project import defs_folder
    from monitoring_pipelines.pipeline.draft import draft

    root = root_of(folder)
    places = _in_project(location, root), labels and _in_project(labels, root)
    made = draft(*places, name, root, now())
    target = defs_folder(root) / made.name / "defs.yaml"
    if target.exists():
        raise ConfigError(f"'{target}' is there already; choose another --name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(made.yaml, encoding="utf-8")
    rows = [{"what": what, "value": value, "because": why} for what, value, why in made.assumed]
    show(rows, style, ("what", "value", "because"))
    if style == "table":
        click.echo(f"\nWritten: {os.path.relpath(target)}. Next: mlmon run {made.name}")


def _in_project(location: str, root: Path) -> str:
    """A path as the project writes it; a URL as it is."""
    if "://" in location:
        return location
    path = Path(location).absolute()
    # a path that is meant from the project's folder, or from the present one
    if not Path(location).is_absolute() and not _is_there(path) and _is_there(root / location):
        return location
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _is_there(path: Path) -> bool:
    """Whether a path, or the folder that a glob looks into, is there."""
    fixed = re.split(r"[*?\[]", str(path), maxsplit=1)[0]
    return path.exists() or (fixed != str(path) and Path(fixed.rpartition("/")[0]).is_dir())
