"""A table with names of its own as canonical calls."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from monitoring_pipelines.backends.duckdb.llm_plain import copy_plain
from monitoring_pipelines.errors import MissingColumnError, UnknownNameError
from tests.backends.duckdb.engine import log_of

if TYPE_CHECKING:
    from pathlib import Path

TYPES = {"id": "VARCHAR", "operation": "VARCHAR", "input_tokens": "BIGINT", "latency_ms": "DOUBLE"}
OWN = {"toks": ["5", "many", None], "seconds": [0.5, 2.0, None], "country": ["de", "fr", "de"]}


def copied(tmp_path: Path, own: dict[str, Any], columns: dict[str, str]) -> pa.Table:
    copy_plain(log_of(own), columns, TYPES, tmp_path / "calls.parquet")
    return parquet.read_table(tmp_path / "calls.parquet")


def test_columns_units_and_what_else_the_table_has(tmp_path: Path) -> None:
    table = copied(tmp_path, OWN, {"input_tokens": "toks", "latency_s": "seconds"})
    rows = sorted(table.to_pylist(), key=lambda row: row["latency_ms"] or 0)
    assert [row["latency_ms"] for row in rows] == [None, 500.0, 2000.0]
    # a value that is no number is missing, and does not end the reading
    assert [row["input_tokens"] for row in rows] == [None, 5, None]
    assert [row["country"] for row in rows] == ["de", "de", "fr"]
    assert {row["operation"] for row in rows} == {"chat"}


def test_rows_without_an_id_are_known_by_what_they_say(tmp_path: Path) -> None:
    own = {"toks": [1, 1, 2]}
    first = copied(tmp_path, own, {"input_tokens": "toks"}).column("id").to_pylist()
    other = {"toks": [2, 1, 1]}
    again = copied(tmp_path, other, {"input_tokens": "toks"}).column("id").to_pylist()
    assert len(set(first)) == 3
    assert set(first) == set(again)


def test_a_wrong_name_on_either_side_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'input_tokens'"):
        copied(tmp_path, OWN, {"input_token": "toks"})
    with pytest.raises(MissingColumnError, match="'tok'"):
        copied(tmp_path, OWN, {"input_tokens": "tok"})


def test_whether_an_output_is_valid_need_not_be_named(tmp_path: Path) -> None:
    own = {"output_valid": ["1", "no", None, "perhaps"], "mine": [True, False, None, None]}
    types = {**TYPES, "output_valid": "BOOLEAN", "script": "VARCHAR"}
    for columns, values in (
        ({}, [True, False, None, None]),
        ({"output_valid": "mine"}, [True, False, None, None]),
    ):
        copy_plain(log_of(own), columns, types, tmp_path / "calls.parquet")
        table = parquet.read_table(tmp_path / "calls.parquet")
        assert Counter(table.column("output_valid").to_pylist()) == Counter(values)
        assert table.column("script").to_pylist() == [None] * 4


def test_hostile_names_are_quoted(tmp_path: Path) -> None:
    name = 'a"; DROP TABLE log; --'
    table = copied(tmp_path, {name: [7]}, {"input_tokens": name})
    assert table.column("input_tokens").to_pylist() == [7]
