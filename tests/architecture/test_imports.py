"""Importing the metrics is light: whoever only reads numbers loads no engine and no framework."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ["sklearn", "scipy.stats", "pandas", "duckdb", "dagster", "sqlalchemy", "pyarrow"]
HEAVY += ["great_expectations", "slack_sdk"]


@pytest.mark.parametrize("package", ["metrics", "summaries", "stats", "domain"])
def test_loads_nothing_heavy(package: str) -> None:
    code = (
        f"import sys, monitoring_pipelines.{package}\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_checks_are_as_light() -> None:
    names = ["budget", "drift", "judgement", "performance", "quarantine"]
    names += ["share", "staleness", "volume"]
    lines = [f"import monitoring_pipelines.checks.{name}" for name in names]
    code = "\n".join([*lines, f"import sys; print([n for n in {HEAVY!r} if n in sys.modules])"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
