"""A small project on disk with one model, for tests that go through Dagster."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).resolve().parent.parent
COMPONENT = "monitoring_pipelines.components.MonitoredModel"
FIRST = date(2026, 3, 1)  # the reference: ten days
START = date(2026, 3, 11)
DAYS = 20
ROWS = 300

PYPROJECT = """\
[tool.dg]
directory_type = "project"

[tool.dg.project]
root_module = "assets"
defs_module = "assets"
code_location_target_module = "monitoring_pipelines.definitions"
code_location_name = "monitoring"
"""


def attributes(name: str = "fraud", **changes: Any) -> dict[str, Any]:
    """What stands in a `defs.yaml`; `changes` replace sections, None takes one out."""
    found: dict[str, Any] = {
        "name": name,
        "task": "binary_classification",
        "owner": "team:risk",
        "predictions": {
            "location": "data/predictions.parquet",
            "columns": {"id": "id", "timestamp": "at", "prediction_score": "score"},
        },
        "labels": {
            "location": "data/labels.parquet",
            "columns": {"label": "truth", "available_at": "known_at"},
            "maturity": "30d",
        },
        "reference": {"start": FIRST.isoformat(), "end": START.isoformat()},
        "end": (FIRST + timedelta(days=DAYS)).isoformat(),
        "performance": {"min_rows": 50},
        "alerts": {"runbook": "https://example.org/runbook"},
    }
    found |= changes
    return {key: value for key, value in found.items() if value is not None}


def write_project(root: Path, *models: dict[str, Any], monitoring: bool = True) -> Path:
    """A dg project with these models, or with one."""
    (root / "assets").mkdir(parents=True)
    (root / "assets" / "__init__.py").touch()
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    for model in models or (attributes(),):
        write_model(root, model)
    if monitoring:
        folder = root / "assets" / "monitoring"
        folder.mkdir()
        written = {"type": "monitoring_pipelines.components.Monitoring", "attributes": {}}
        written["attributes"] = {"watch_labels": "*/30 * * * *"}
        (folder / "defs.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    return root


def write_model(root: Path, model: dict[str, Any], folder: str = "") -> Path:
    """Write a model's `defs.yaml`; one key a line, in this order."""
    place = root / "assets" / (folder or model["name"])
    place.mkdir(exist_ok=True)
    text = yaml.safe_dump({"type": COMPONENT, "attributes": model}, sort_keys=False)
    (place / "defs.yaml").write_text(text, encoding="utf-8")
    return place / "defs.yaml"


def write_log(
    root: Path, *, feature: str = "amount", broken: tuple[int, ...] = (), first: date = FIRST
) -> None:
    """Write predictions of 20 days, 300 rows each; half of a `broken` day lacks its feature."""
    rng = np.random.default_rng(20260301)
    n = DAYS * ROWS
    day = np.repeat(np.arange(DAYS), ROWS)
    at = [
        datetime.combine(first, time(), UTC) + timedelta(days=int(d), minutes=4 * int(i))
        for d, i in zip(day, np.tile(np.arange(ROWS), DAYS), strict=True)
    ]
    score = rng.uniform(size=n)
    amount = rng.lognormal(3.0, 1.0, size=n)
    missing = np.isin(day, broken) & (np.arange(n) % 2 == 0)
    table = pa.table(
        {
            "id": pa.array([f"p{i}" for i in range(n)]),
            "at": pa.array(at, pa.timestamp("us", tz="UTC")),
            "score": score,
            feature: pa.array(amount, mask=missing),
            "channel": pa.array([("web", "shop")[i % 2] for i in range(n)]),
        }
    )
    (root / "data").mkdir(exist_ok=True)
    pq.write_table(table, root / "data" / "predictions.parquet")
    write_labels(root, table, days=DAYS)


def write_labels(root: Path, predictions: pa.Table | None = None, *, days: int) -> None:
    """Write labels of the first so many days, each known two days after its prediction."""
    table = predictions or pq.read_table(root / "data" / "predictions.parquet")
    table = table.slice(0, days * ROWS)
    rng = np.random.default_rng(7)
    truth = rng.uniform(size=DAYS * ROWS)[: table.num_rows] < table["score"].to_numpy()
    known = [moment + timedelta(days=2) for moment in table["at"].to_pylist()]
    labels = pa.table(
        {
            "id": table["id"],
            "truth": truth.astype("int64"),
            "known_at": pa.array(known, pa.timestamp("us", tz="UTC")),
        }
    )
    aside = root / "data" / "labels.new"
    pq.write_table(labels, aside)
    aside.replace(root / "data" / "labels.parquet")


def copy_checkout(root: Path, *models: dict[str, Any]) -> Path:
    """The checkout as somebody has it who cloned it, with other models."""
    shutil.copytree(
        CHECKOUT / "monitoring_pipelines",
        root / "monitoring_pipelines",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    write_project(root, *models)
    for name in ("pyproject.toml", "workspace.yaml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, root / name)
    return root


def run(
    command: list[str], cwd: Path, path: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of this virtual environment; its output is one text without colours."""
    program = Path(sys.executable).with_name(command[0])
    return subprocess.run(
        [str(program), *command[1:]],
        cwd=cwd,
        env=clean_environment(path or cwd, **environment),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=120,
    )


def clean_environment(path: Path, **more: str) -> dict[str, str]:
    """Environment in which `path` is what is imported, and nobody is called."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DAGSTER_", "MONITORING_", "SLACK_", "PYTHON"))
    }
    return {
        **kept,
        "PYTHONPATH": str(path),
        "PYTHONWARNINGS": "ignore",
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DAGSTER_DG_UPDATE_CHECK_ENABLED": "0",
        "NO_COLOR": "1",
        "COLUMNS": "200",
        **more,
    }


@contextmanager
def imports_of_its_own() -> Iterator[None]:
    """Import `assets` afresh inside, and forget it on leaving.

    Collecting the doctests of `definitions.py` imports the checkout's own `assets`.
    """
    path = list(sys.path)
    _forget_assets()
    try:
        yield
    finally:
        sys.path[:] = path
        _forget_assets()


def _forget_assets() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "assets"]:
        del sys.modules[name]


def definitions(root: Path) -> dg.Definitions:
    """Everything that the project defines."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return dg.ComponentTree.for_project(root).build_defs()
