"""Mistakes of usage and configuration are one line and exit code 2."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from monitoring_pipelines import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Project


def test_a_misspelt_command(project: Project) -> None:
    done = project("resuls")
    assert done.exit_code == 2
    assert done.stderr == "mlmon: No such command 'resuls'. Did you mean 'results'?\n"


def test_a_misspelt_model(project: Project) -> None:
    done = project("run", "chrn")
    assert done.exit_code == 2
    assert done.stderr == "mlmon: Unknown model 'chrn'. Did you mean 'churn'? Known: churn.\n"


def test_a_misspelt_key_names_file_and_key(project: Project) -> None:
    [file] = project.root.glob("*/churn/defs.yaml")
    file.write_text(file.read_text().replace("owner:", "ownr:"))
    done = project("run", "churn")
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    assert "Unknown key 'ownr'. Did you mean 'owner'?" in done.stderr
    assert "defs.yaml" in done.stderr


def test_outside_of_a_project(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from monitoring_pipelines.cli.main import console; console()",
         "--project", str(tmp_path), "doctor"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("mlmon: There is no dg project at or above")


def test_the_version() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from monitoring_pipelines.cli.main import console; console()",
         "--version"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == f"mlmon, version {__version__}\n"
