"""Pages that code already knows are what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from monitoring_pipelines.store.schema import metadata

ROOT = Path(__file__).resolve().parent.parent


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_table_and_every_column_of_results_is_documented() -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    names = [*metadata.tables, *(column.name for column in metadata.tables["results"].columns)]
    assert [name for name in names if f"`{name}`" not in page] == []
