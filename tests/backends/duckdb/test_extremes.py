"""Each number on a table that one can count by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from monitoring_pipelines.backends.duckdb import extremes
from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.log import open_files, time_column
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.logs.files import find_files

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.backends.duckdb.rows import Rows

DAY = pd.Timestamp("2026-03-01", tz="UTC")
FRAME = pd.DataFrame(
    {
        "at": [DAY + pd.Timedelta(minutes=m) for m in (60, 70, 80, 130, 140, 600)],
        "who": ["a", "a", "a", "a", "b", None],
        "cost": [1.0, 2.0, float("nan"), 3.0, 10.0, 99.0],
        "status": ["403", "AccessDeniedException", "200", "401", "403", "403"],
        "key": ["k", "k", "k", "k", "k", "k"],
        "n": [1, 2, 3, 5, 6, 6],
        "x": [0.0, 0.01, 0.02, 50.0, 0.0, 100.0],
    }
)


def rows(folder: Path, frame: pd.DataFrame = FRAME) -> Rows:
    from dataclasses import replace

    frame.to_parquet(folder / "log.parquet")
    log = open_files(connect(), "log", find_files("log.parquet", folder))
    return select_rows(replace(log, time=time_column(log, "at", ZoneInfo("UTC"))), None, None)


def test_of_users(tmp_path: Path) -> None:
    found = rows(tmp_path)
    assert extremes.largest_count(found, "who") == 4
    assert extremes.largest_sum(found, "who", "cost") == 10
    assert extremes.largest_variety(found, "key", "who") == 2
    # a: two in the hour from one to two, one in the next; who is unknown is nobody
    assert extremes.largest_denied(found, "who", "status") == 2


def test_names_of_columns_are_inert(tmp_path: Path) -> None:
    hostile = '{0}"; --'
    found = rows(tmp_path, FRAME.assign(**{hostile: ["u", "u", "v", "v", "v", "v"]}))
    assert extremes.largest_count(found, "who") == 4
    assert extremes.largest_count(found, hostile) == 4
    assert extremes.largest_sum(found, hostile, "cost") == 112  # 3 + 10 + 99
    assert extremes.largest_variety(found, "key", hostile) == 2


def test_of_time_and_order(tmp_path: Path) -> None:
    found = rows(tmp_path)
    end = DAY + pd.Timedelta(hours=24)
    assert extremes.longest_gap(found, DAY, end) == (24 * 60 - 600) * 60
    assert extremes.longest_gap(found, DAY, DAY + pd.Timedelta(minutes=601)) == 460 * 60
    assert extremes.missing_numbers(found, "n") == 1  # four


def test_of_groups(tmp_path: Path) -> None:
    found = rows(tmp_path)
    assert extremes.largest_group(found, ["key"]) == 6
    assert extremes.largest_group(found, ["key", "x"]) == 2
    # three different rows of a lie in the cell around zero
    assert extremes.largest_neighbourhood(found, "who", ["x"]) == 3


def test_rows_without_a_value_are_no_group(tmp_path: Path) -> None:
    frame = pd.DataFrame({"at": [DAY] * 6, "who": list("aabbbb"), "x": [1.0, 1.0] + [None] * 4})
    found = rows(tmp_path, frame.assign(never=pd.Series([None] * 6, dtype="float")))
    assert extremes.largest_group(found, ["who", "x", "never"]) == 2
    assert extremes.largest_group(found, ["who"]) == 4
    assert extremes.largest_group(found, ["never"]) == 0


def test_of_nothing(tmp_path: Path) -> None:
    found = rows(tmp_path, FRAME.iloc[:0])
    assert extremes.largest_count(found, "who") is None
    assert extremes.largest_group(found, ["key"]) == 0
    assert extremes.missing_numbers(found, "n") == 0
    assert extremes.largest_neighbourhood(found, "who", ["x"]) == 0


def test_who_was_not_there_before(tmp_path: Path) -> None:
    hour = pd.Timedelta(hours=1)
    frame = pd.DataFrame(
        {
            "at": [DAY, DAY + hour, DAY + 25 * hour, DAY + 26 * hour, DAY + 27 * hour],
            "who": ["a", "b", "a", "a", "c"],
            "ip": ["1.2.3.4", "1.2.3.4", "1.2.3.99", "9.9.9.9", "1.2.3.4"],
        }
    )
    found = rows(tmp_path, frame)
    day = Window((DAY + 24 * hour).to_pydatetime(), (DAY + 48 * hour).to_pydatetime())
    # c is new, and a comes from another network, not only from another address of the same
    assert extremes.first_seen(found, "who", None, day, DAY.to_pydatetime()) == 1
    assert extremes.first_seen(found, "who", "ip", day, DAY.to_pydatetime()) == 2
    # in the first day everybody would be new
    first = Window(DAY.to_pydatetime(), (DAY + 24 * hour).to_pydatetime())
    since = (DAY - 24 * hour).to_pydatetime()
    assert extremes.first_seen(found, "who", None, first, since) is None


@pytest.mark.parametrize("name", ['w"ho', "w{0}ho", "w'ho"])
def test_names_are_inert(tmp_path: Path, name: str) -> None:
    found = rows(tmp_path, FRAME.rename(columns={"who": name}))
    assert extremes.largest_count(found, name) == 4
