"""Texts that may hold something: each once, with its count and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.log import open_files
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.backends.duckdb.texts import BATCH, candidates, count_texts
from monitoring_pipelines.logs.files import find_files

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.backends.duckdb.rows import Rows


def rows(folder: Path, frame: pd.DataFrame) -> Rows:
    frame.to_parquet(folder / "log.parquet")
    log = open_files(connect(), "log", find_files("log.parquet", folder))
    return select_rows(log, None, None)


def test_equal_texts_come_once_and_others_not_at_all(tmp_path: Path) -> None:
    frame = pd.DataFrame({"said": ["a@b", "a@b", "no", None], "asked": ["x", "x", "y", "z"]})
    found = rows(tmp_path, frame)
    assert count_texts(found, "said") == 3
    assert list(candidates(found, "said", "@", ["asked"])) == [("a@b", ("x",), 2)]


def test_more_than_one_batch(tmp_path: Path) -> None:
    frame = pd.DataFrame({"said": [f"{i}@" for i in range(2 * BATCH + 1)]})
    assert (
        len({text for text, _, _ in candidates(rows(tmp_path, frame), "said", "@")})
        == 2 * BATCH + 1
    )


@pytest.mark.parametrize("name", ['x"y', "a'; DROP TABLE log; --", "ä b"])
def test_names_are_inert(tmp_path: Path, name: str) -> None:
    assert list(candidates(rows(tmp_path, pd.DataFrame({name: ["@"]})), name, "@")) == [
        ("@", (), 1)
    ]
