"""Values of columns, reviews by people, and texts with a form, from a log by plain SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pytest

from monitoring_pipelines.backends.duckdb.log import Log
from monitoring_pipelines.backends.duckdb.promised import (
    MAX_TEXTS,
    named,
    reviews,
    scanned_columns,
    texts,
)
from monitoring_pipelines.backends.duckdb.rows import Rows
from monitoring_pipelines.governance.card import Oversight
from monitoring_pipelines.governance.facts import Named, Reviews

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def rows(connection: duckdb.DuckDBPyConnection, **columns: list[Any]) -> Rows:
    frame = pd.DataFrame(columns)
    connection.register("frame", frame)
    connection.execute("CREATE TABLE log AS SELECT * FROM frame")
    types = {str(n): str(t) for n, t, *_ in connection.execute("DESCRIBE log").fetchall()}
    return Rows(Log(connection, "log", "here", types), "SELECT * FROM log", len(frame), 0)


def test_values_that_are_not_allowed(connection: duckdb.DuckDBPyConnection) -> None:
    found = rows(connection, region=["eu", "us", "us", "ap", None, " ", "x" * 90], n=[1] * 7)
    # most frequent first, cut short
    assert named(found, "region", ["eu"]) == Named(7, 2, 4, ("us", "ap", "x" * 60))
    assert named(found, "region", ["eu", "us", "ap", "x" * 90]) == Named(7, 2, 0, ())
    assert named(found, "n", ["1"]) == Named(7, 0, 0, ())
    assert named(found, "no", ["1"]) is None


def test_of_no_rows_nothing_is_outside(connection: duckdb.DuckDBPyConnection) -> None:
    found = rows(connection, region=["eu"])
    empty = Rows(found.log, "SELECT * FROM log WHERE false", 0, 0)
    assert named(empty, "region", []) == Named(0, 0, 0, ())
    assert reviews(empty, Oversight(reviewer="region"), None) == Reviews(0, 0)


def test_hostile_names_and_values_are_inert(connection: duckdb.DuckDBPyConnection) -> None:
    name = 'a"; DROP TABLE log; --'
    found = rows(connection, **{name: ["x', '); DROP TABLE log; --", "ok"]})
    assert named(found, name, ["ok"]) == Named(2, 0, 1, ("x', '); DROP TABLE log; --",))
    assert [*texts(found, name, "^ok$")] == [("ok", 1)]


def test_what_reviewers_did(connection: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        connection,
        who=["ana", "bo", "", None, "cy"],
        decision=[1.0, 0.0, 1.0, None, None],
        said=[1, 1, 0, 1, 1],
        took=[10.0, 20.0, 1.0, None, 60.0],
    )
    plan = Oversight(reviewer="who", decision="decision", seconds="took")
    # 1.0 and 1 are one class; cy decided nothing; nobody looked at the third row
    assert reviews(found, plan, "said") == Reviews(5, 3, 2, 1, 20.0)
    assert reviews(found, plan, None) == Reviews(5, 3, None, None, 20.0)
    assert reviews(found, Oversight(reviewer="nobody"), "said") is None


def test_a_column_of_truths_tells_who_looked(connection: duckdb.DuckDBPyConnection) -> None:
    found = rows(connection, looked=[True, False, None])
    assert reviews(found, Oversight(reviewer="looked"), None) == Reviews(3, 1)


def test_texts_come_once_and_not_all(connection: duckdb.DuckDBPyConnection) -> None:
    many = [f"a{i}@b.example" for i in range(MAX_TEXTS + 50)]
    found = rows(connection, mail=[*many, many[0]], x=[0.5] * (len(many) + 1))
    once = [*texts(found, "mail", "@")]
    assert len(once) == MAX_TEXTS
    assert once == [*texts(found, "mail", "@")]
    assert scanned_columns(found, []) == ["mail"]
    assert scanned_columns(found, ["mail"]) == []
