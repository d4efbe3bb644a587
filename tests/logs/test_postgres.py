"""A table or a query as Arrow batches: types, bounds, and faults without the password."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pyarrow as pa
import pytest

from monitoring_pipelines.errors import SourceNotFoundError, SourceUnreadableError
from monitoring_pipelines.logs import postgres
from monitoring_pipelines.logs.postgres import PostgresTable

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def table(postgres_database: str) -> Iterator[PostgresTable]:
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA risk; CREATE TABLE risk."Log; 1" ("a""b" int)')
        connection.execute(
            "CREATE TABLE log AS SELECT i AS id, timestamptz '2026-01-01 00:00Z' "
            "+ i * interval '1 hour' AS at, i::numeric / 4 AS amount, i::text AS kind, "
            "i % 2 = 0 AS flag, ARRAY[i] AS list FROM generate_series(0, 47) AS i"
        )
        connection.execute("INSERT INTO log VALUES (99, NULL, 'NaN', NULL, NULL, NULL)")
    return PostgresTable(postgres_database, "db", table="log")


def test_types_are_known_without_a_row(table: PostgresTable) -> None:
    assert table.columns() == {
        "id": pa.int64(),
        "at": pa.timestamp("us", tz="UTC"),
        "amount": pa.float64(),
        "kind": pa.string(),
        "flag": pa.bool_(),
        "list": pa.string(),
    }


def test_rows_come_in_batches(table: PostgresTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "BATCH", 10)
    batches = list(table.read(["id", "amount"]))
    assert [batch.num_rows for batch in batches] == [10, 10, 10, 10, 9]
    values = pa.Table.from_batches(batches).to_pydict()
    assert values["id"] == [*range(48), 99]
    assert values["amount"][:3] == [0.0, 0.25, 0.5]


def test_bounds_are_half_open(table: PostgresTable) -> None:
    bounds = ("at", START.replace(hour=3), START.replace(hour=5))
    found = pa.Table.from_batches(table.read(["id"], bounds))
    assert found["id"].to_pylist() == [3, 4]


def test_the_newest_value_and_rows_without_one(table: PostgresTable) -> None:
    assert table.newest("at") == datetime(2026, 1, 2, 23, tzinfo=UTC)
    assert (table.without("at"), table.without("id")) == (1, 0)


def test_a_query_is_a_table(table: PostgresTable) -> None:
    query = PostgresTable(table.url, "db", query="SELECT id FROM log WHERE id < 3;  ")
    assert pa.Table.from_batches(query.read(["id"]))["id"].to_pylist() == [0, 1, 2]


def test_names_are_inert(table: PostgresTable) -> None:
    hostile = PostgresTable(table.url, "db", table="risk.Log; 1")
    assert list(hostile.columns()) == ['a"b']
    assert list(hostile.read(['a"b'])) == []


def test_the_driver_of_a_url_does_not_matter(table: PostgresTable) -> None:
    url = table.url.replace("postgresql://", "postgresql+psycopg2://")
    assert PostgresTable(url, "db", table="log").newest("id") == 99


def test_faults_are_told(table: PostgresTable) -> None:
    with pytest.raises(SourceNotFoundError, match="there is no such table"):
        PostgresTable(table.url, "db", table="nothing").columns()
    with pytest.raises(SourceUnreadableError, match='column "nothing" does not exist'):
        table.newest("nothing")
    with pytest.raises(SourceUnreadableError) as error:
        PostgresTable("postgresql://me:hunter2@127.0.0.1:1/x", "me:***", table="log").columns()
    assert "hunter2" not in str(error.value)


def test_rows_between_bounds_are_counted(table: PostgresTable) -> None:
    assert table.count("at", START.replace(hour=3), START.replace(hour=5)) == 2
    assert table.count("at", START.replace(year=2020), START.replace(year=2021)) == 0
