"""How much one source contradicts the model more than the others do, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.label_sources import Told, Worst, disagreement
from monitoring_pipelines.backends.duckdb.log import open_files, time_column
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.logs.files import find_files

if TYPE_CHECKING:
    from pathlib import Path

DAY = pd.Timestamp("2026-03-01", tz="UTC")
N = 100
BASE = Told(source="who", label="label", label_id="id", prediction_id="id")


def found(folder: Path, told: Told, wrong: dict[str, int], old: int = 0) -> Worst | None:
    """Sources of a hundred labels each, so many of them wrong; `old` predictions are too old."""
    labels, predictions = [], []
    for who, bad in wrong.items():
        for i in range(N):
            name, score = f"{who}{i}", 0.9 if i % 2 else 0.1
            label = int(score > 0.5)
            labels.append({"id": name, "who": who, "label": 1 - label if i < bad else label})
            at = DAY - pd.Timedelta(days=99 if i < old else 1)
            predictions.append({"id": name, "at": at, "score": score, "decision": label})
    pd.DataFrame(labels).to_parquet(folder / "labels.parquet")
    pd.DataFrame(predictions).to_parquet(folder / "log.parquet")
    connection = connect()
    log = open_files(connection, "log", find_files("log.parquet", folder))
    truth = open_files(connection, "labels", find_files("labels.parquet", folder))
    log = replace(log, time=time_column(log, "at", ZoneInfo("UTC")))
    since = (DAY - pd.Timedelta(days=30)).to_pydatetime()
    return disagreement(select_rows(truth, None, None), log, told, since)


@pytest.mark.parametrize(
    "told", [replace(BASE, prediction="decision"), replace(BASE, score="score")]
)
def test_the_worst_source(tmp_path: Path, told: Told) -> None:
    # 40 of 100 against 15 of 200
    assert found(tmp_path, told, {"a": 10, "b": 5, "c": 40}) == Worst(40, 100, 15, 200, 3)


def test_old_predictions_do_not_count(tmp_path: Path) -> None:
    told = replace(BASE, prediction="decision")
    assert found(tmp_path, told, {"a": 0, "b": 40}, old=40) == Worst(0, 60, 0, 60, 2)


def test_what_cannot_be_told(tmp_path: Path) -> None:
    assert found(tmp_path, BASE, {"a": 0, "b": 40}) is None
    assert found(tmp_path, replace(BASE, prediction="decision"), {"a": 40}) is None
