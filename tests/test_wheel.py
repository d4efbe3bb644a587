"""Somebody else's dg project, with this package installed from its wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
DG = "from dagster_dg_cli.cli import main; main()"
PYPROJECT = """\
[project]
name = "acme"
version = "0"
[tool.dg]
directory_type = "project"
[tool.dg.project]
root_module = "acme"
registry_modules = ["acme.components.*"]
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"monitoring_pipelines"}
    assert "monitoring_pipelines/py.typed" in names
    assert {f"monitoring_pipelines/report/{name}" for name in ("page.html.jinja", "style.css")} <= {
        *names
    }
    assert "monitoring_pipelines/store/migrations/versions/0001_first.py" in names


@pytest.mark.slow
def test_another_dg_project_uses_it(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    site = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    # the dependencies come from this environment, after the wheel; not the checkout
    (site / "shared.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    root = tmp_path / "project"
    (root / "src" / "acme" / "defs").mkdir(parents=True)
    (root / "src" / "acme" / "__init__.py").touch()
    (root / "src" / "acme" / "defs" / "__init__.py").touch()
    (root / "src" / "acme" / "definitions.py").write_text(
        "from pathlib import Path\nimport dagster as dg\n\n@dg.definitions\ndef defs():\n"
        "    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)\n"
    )
    (root / "pyproject.toml").write_text(PYPROJECT)

    def python(*arguments: str) -> str:
        done = subprocess.run(
            [str(tmp_path / "venv" / "bin" / "python"), *arguments],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root / "src"), "VIRTUAL_ENV": "",
                 "DAGSTER_DG_UPDATE_CHECK_ENABLED": "0", "DAGSTER_DISABLE_TELEMETRY": "1"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    where = python("-c", "import monitoring_pipelines as m; print(m.__file__)")
    assert Path(where.strip()).is_relative_to(site)
    component = "monitoring_pipelines.components.MonitoredModel"
    python("-c", DG, "scaffold", "defs", component, "fraud")
    python("-c", DG, "scaffold", "defs", "monitoring_pipelines.components.Monitoring", "watch")
    listed = python("-c", DG, "list", "defs", "--json")
    for part in ("predictions", "quality", "drift"):
        assert f"fraud/{part}" in listed
    assert "monitor_day_0600_UTC" in listed
    assert component in python("-c", DG, "list", "components", "--json")
    python("-c", DG, "check", "yaml")
    python("-c", DG, "check", "defs")
