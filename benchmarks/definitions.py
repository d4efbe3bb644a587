"""What it costs to load the definitions of 100 models, which every Dagster process does.

``python -m benchmarks.definitions [--models N]``: CPU seconds beyond ``import dagster``; exits
with 1 above 3 s for 100 models.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

LIMIT_S = 3.0
LOAD = """
import sys, time, warnings
warnings.simplefilter("ignore")
import dagster as dg
began = time.process_time()
sys.path.insert(0, ".")
import assets
definitions = dg.load_from_defs_folder(path_within_project=__import__("pathlib").Path("assets").resolve())
definitions.get_repository_def().get_all_jobs()
print(time.process_time() - began)
"""
PYPROJECT = """\
[tool.dg]
directory_type = "project"
[tool.dg.project]
root_module = "assets"
defs_module = "assets"
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=100)
    models = parser.parse_args().models
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pyproject.toml").write_text(PYPROJECT)
        for i in range(models):
            declare(root / "assets" / f"model_{i}", f"model_{i}")
        (root / "assets" / "__init__.py").touch()
        done = subprocess.run(
            [sys.executable, "-c", LOAD], cwd=root, capture_output=True, text=True, check=True
        )
    seconds = float(done.stdout)
    print(f"{models} models: {seconds:.2f} CPU s beyond import dagster")
    return models == 100 and seconds > LIMIT_S


def declare(folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    columns = {"id": "id", "timestamp": "at", "prediction_score": "score"}
    attributes = {
        "name": name,
        "task": "binary_classification",
        "owner": "team:bench",
        "predictions": {"location": "log.parquet", "columns": columns},
        "labels": {"location": "labels.parquet", "columns": {"label": "label"}, "maturity": "30d"},
        "reference": {"start": "2026-01-01", "end": "2026-02-01"},
    }
    declared = {"type": "monitoring_pipelines.components.MonitoredModel", "attributes": attributes}
    (folder / "defs.yaml").write_text(yaml.safe_dump(declared))


if __name__ == "__main__":
    sys.exit(main())
