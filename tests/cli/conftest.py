"""A small project on disk, and `mlmon` called in it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pydantic-free, but fixtures are annotated with it
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result

from monitoring_pipelines.cli.main import main

# a module is loaded once in a process, so every project has one of its own name
PYPROJECT = """\
[project]
name = "acme"
version = "0"
[tool.dg]
directory_type = "project"
[tool.dg.project]
root_module = "{module}"
defs_module = "{module}"
"""
DAYS = 6
ROWS = 400
START = datetime(2026, 3, 1, tzinfo=UTC)
# scores are worth nothing from this day on
BROKEN_FROM = 3


@dataclass
class Project:
    """`mlmon` in a folder with one model, whose performance breaks on the third day."""

    root: Path

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["--project", str(self.root), *arguments])

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--format", "json").stdout)


def log(broken_from: int = BROKEN_FROM) -> pa.Table:
    """Days of a classifier whose score is informative before `broken_from` and noise after it."""
    rng = np.random.default_rng(0)
    n = DAYS * ROWS
    label = rng.integers(0, 2, n)
    day = np.repeat(np.arange(DAYS), ROWS)
    signal = np.where(day < broken_from, label * 1.5, 0.0)
    return pa.table(
        {
            "id": np.arange(n),
            "at": pa.array(
                [START + timedelta(days=i // ROWS, seconds=200 * (i % ROWS)) for i in range(n)],
                pa.timestamp("us", tz="UTC"),
            ),
            "age": rng.normal(40, 10, n),
            "score": 1 / (1 + np.exp(-(signal + rng.normal(size=n)))),
            "label": label,
        }
    )


ATTRIBUTES: dict[str, Any] = {
    "name": "churn",
    "task": "binary_classification",
    "owner": "team:growth",
    "predictions": {
        "location": "log.parquet",
        "columns": {"id": "id", "timestamp": "at", "prediction_score": "score"},
    },
    "labels": {"columns": {"label": "label"}},
    "reference": {"start": "2026-03-01", "end": "2026-03-03"},
    "end": "2026-03-07",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in (
        "MONITORING_DATABASE_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_CHANNEL",
        "MONITORING_UI_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    make(tmp_path)
    return Project(tmp_path)


def make(root: Path, **more: Any) -> None:
    """Write the project's files; `more` are attributes of the model."""
    module = f"acme_{uuid.uuid4().hex}"
    (root / "pyproject.toml").write_text(PYPROJECT.format(module=module))
    folder = root / module / "churn"
    folder.mkdir(parents=True)
    (root / module / "__init__.py").touch()
    declared = {
        "type": "monitoring_pipelines.components.MonitoredModel",
        "attributes": ATTRIBUTES | more,
    }
    (folder / "defs.yaml").write_text(yaml.safe_dump(declared))
    pq.write_table(log(), root / "log.parquet")
