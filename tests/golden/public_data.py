"""Reads the public data that golden tests use, from the folder that MONITORING_TEST_DATA names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


def folder() -> Path:
    found = os.environ.get("MONITORING_TEST_DATA")
    if not found:  # the data are not ours to ship; CI sets it, a developer may not have them
        pytest.skip("set MONITORING_TEST_DATA to the folder with the public data sets")
    assert Path(found).is_dir(), f"MONITORING_TEST_DATA is no folder: {found}"
    return Path(found)


def oracle(name: str) -> dict[str, Any]:
    return dict(json.loads((folder() / name / "oracle.json").read_text(encoding="utf-8")))


def columns(path: str) -> dict[str, Any]:
    from pyarrow import parquet

    table = parquet.read_table(folder() / path)
    return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}
