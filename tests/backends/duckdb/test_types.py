"""One value has one text and one number, whatever its column is typed as."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from monitoring_pipelines.backends.duckdb.types import category, family, number
from tests.backends.duckdb.engine import log_of


def read(values: Any, sql: Any) -> list[Any]:
    log = log_of({"x": values})
    expression = sql('"x"', log.columns["x"])
    return [row[0] for row in log.query(f"SELECT {expression} FROM {log.view}")]


@pytest.mark.parametrize(
    "values",
    [[0, 1], [0.0, 1.0], ["0", "1"], [False, True], pa.array([0, 1], pa.uint8())],
)
def test_a_class_has_one_name(values: Any) -> None:
    assert read(values, category) == ["0", "1"]


def test_what_is_no_number_is_missing() -> None:
    inf, nan = float("inf"), float("nan")
    assert read([1.5, inf, -inf, nan, None], number) == [1.5, None, None, None, None]
    assert read(["1.5", "inf", "NaN", "x", "", None], number) == [1.5, *[None] * 5]
    assert read([[1], [2]], number) == [None, None]


def test_floats_that_are_no_whole_numbers_stay() -> None:
    assert read([0.5, -2.0, 1e300, float("nan")], category) == ["0.5", "-2", "1e+300", None]


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("UTINYINT", "integer"),
        ("HUGEINT", "integer"),
        ("DECIMAL(18,3)", "float"),
        ("ENUM('a', 'b')", "text"),
        ("TIMESTAMP_NS", "timestamp"),
        ("STRUCT(a INTEGER)", "other"),
        ("INTEGER[]", "other"),
        ("BLOB", "other"),
    ],
)
def test_families(dtype: str, expected: str) -> None:
    assert family(dtype) == expected
