"""Rows with the properties of their images beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.log import open_batches, time_column
from monitoring_pipelines.backends.duckdb.pictures import (
    beside,
    constant_columns,
    image_column,
    image_contents,
    reasons,
    some_contents,
)
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.errors import SourceUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.backends.duckdb.rows import Rows

WINDOWS = Cadence.DAY, ZoneInfo("UTC")
HOSTILE = "'; DROP TABLE log; --\".png"


@pytest.fixture
def rows() -> Iterator[Rows]:
    """Two days; one image twice, a hostile name, a row without an image."""
    from dataclasses import replace
    from datetime import UTC, datetime

    days = [1, 1, 2, 2, 2]
    table = pa.table(
        {
            "id": [1, 2, 3, 4, 5],
            "at": pa.array([datetime(2026, 1, day, tzinfo=UTC) for day in days]),
            "name": ["a.png", "b.png", "a.png", HOSTILE, None],
            "data": [b"a", b"b", b"a", b"h", None],
            "number": [1, 1, 1, 1, 1],
        }
    )
    with connect() as connection:
        log = open_batches(connection, "log", "log", table.schema, table.to_batches())
        log = replace(log, time=time_column(log, "at", ZoneInfo("UTC")))
        yield select_rows(log, None, "id")


def test_every_row_with_an_image_has_its_key_window_and_content(rows: Rows) -> None:
    first, second = 1_767_225_600_000_000, 1_767_312_000_000_000  # the two days
    names = sorted(image_contents(rows, image_column(rows, "name"), WINDOWS))
    assert names == [
        (HOSTILE, second, HOSTILE),
        ("a.png", first, "a.png"),
        ("a.png", second, "a.png"),
        ("b.png", first, "b.png"),
    ]
    of_bytes = [*image_contents(rows, image_column(rows, "data"), WINDOWS)]
    assert sorted(content for *_, content in of_bytes) == [b"a", b"a", b"b", b"h"]
    keys = {(key, content) for key, _, content in of_bytes}
    assert len(keys) == len({key for key, _ in keys}) == 3


def test_some_are_read_once_each(rows: Rows) -> None:
    image = image_column(rows, "data")
    known = {key: content for key, _, content in image_contents(rows, image, WINDOWS)}
    wanted = sorted(known)[:2]
    found = some_contents(rows, image, [*wanted, "unknown"])
    assert sorted(found) == [(key, known[key]) for key in wanted]
    assert some_contents(rows, image, []) == []


def test_a_number_is_no_image(rows: Rows) -> None:
    with pytest.raises(SourceUnreadableError, match="has the type BIGINT; give the bytes"):
        image_column(rows, "number")


def test_rows_and_properties(rows: Rows) -> None:
    image = image_column(rows, "data")
    pairs = {(key, period) for key, period, _ in image_contents(rows, image, WINDOWS)}
    assert len(pairs) == 4  # the same image on two days
    keys, periods = zip(*sorted(pairs), strict=True)
    found = pa.table(
        {
            "key": keys,
            "period": periods,
            "image_x": [1.0, 2.0, 3.0, 4.0],
            "image_one": [7, 7, 7, 7],
            "image_broken": ["", "", "damaged", ""],
        }
    )
    seen = beside(rows, image, "images 0", found, WINDOWS)
    assert seen.n_rows == 5
    assert "data" not in seen.log.columns
    assert seen.log.columns["image_x"] == "DOUBLE"
    counted = seen.log.query(f"SELECT count(*), count(image_x) FROM ({seen.statement})")
    assert counted == [(5, 4)]
    assert reasons(seen, "image_broken", "no name") == {"damaged": 1, "no name": 1}
    assert constant_columns(seen, ["image_x", "image_one"]) == ["image_one"]
    assert constant_columns(seen, []) == []
