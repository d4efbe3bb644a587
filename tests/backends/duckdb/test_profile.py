from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.log import open_files
from monitoring_pipelines.backends.duckdb.profile import adds_up, arrival, profile, time_span
from monitoring_pipelines.logs.files import find_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from monitoring_pipelines.backends.duckdb.log import Log

    Opened = Callable[..., Log]

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    with closing(connect()) as connection:

        def make(name: str = "log", **columns: Any) -> Log:
            pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
            return open_files(connection, name, find_files(f"{name}.parquet", tmp_path))

        yield make


def test_a_column_is_told_by_what_is_in_it(opened: Opened) -> None:
    log = opened(
        **{
            'a"b': ["x", "y", "x", None],
            "score": [0.1, 0.5, 1.0, None],
            "whole": [0.0, 1.0, 1.0, 0.0],
            "when": ["2026-03-01T10:00:00Z", "2026-03-02 11:00", "2026-03-03", "2026-03-04"],
            "n": [10, 11, 12, 13],
            "empty": pa.nulls(4, pa.string()),
        }
    )
    found = {column.name: column for column in profile(log)}
    assert (found['a"b'].n, found['a"b'].n_distinct, found['a"b'].values) == (3, 2, ("x", "y"))
    assert found["score"].is_share
    assert not found["whole"].is_share  # 0 and 1 are classes
    assert found["when"].n_times == found["when"].n == 4
    assert found["n"].is_unique
    assert found["n"].is_number
    assert (found["empty"].n, found["empty"].is_unique, found["empty"].is_number) == (
        0,
        False,
        False,
    )


def test_many_values_are_not_listed(opened: Opened) -> None:
    (column,) = profile(opened(n=list(range(21))))
    assert column.values == ()


def test_no_rows_are_no_unique_values(opened: Opened) -> None:
    (column,) = profile(opened(n=pa.array([], pa.int64())))
    assert (column.n_rows, column.is_unique, column.is_number) == (0, False, False)


def test_shares_of_one_add_up(opened: Opened) -> None:
    log = opened(a=[0.2, 0.5, None], b=[0.8, 0.5, 0.1], c=[0.8, 0.4, 0.1])
    assert adds_up(log, ["a", "b"])
    assert not adds_up(log, ["a", "c"])


def test_the_span_of_a_log(opened: Opened) -> None:
    log = opened(at=[START, None, START + timedelta(days=2)])
    assert time_span(log, "at") == (START, START + timedelta(days=2), 2)
    assert time_span(opened(at=pa.nulls(2, pa.timestamp("us"))), "at") is None


def test_when_the_labels_came(opened: Opened) -> None:
    hours = list(range(101))
    made = opened("log", id=hours, at=[START] * 101)
    # of 0 to 100 hours the 99th percentile is 99; the id is a text there
    came = opened(
        "labels", id=[str(h) for h in hours], at=[START + timedelta(hours=h) for h in hours]
    )
    assert arrival((made, "id", "at"), (came, "id", "at"), 0.99) == timedelta(hours=99)
    nobody = opened("labels", id=["x"], at=[START])
    assert arrival((made, "id", "at"), (nobody, "id", "at"), 0.99) is None
