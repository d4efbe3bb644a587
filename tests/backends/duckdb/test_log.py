"""How a column tells time; what a log is told by (all formats: tests/pipeline/test_sources.py)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from monitoring_pipelines.backends.duckdb.log import time_column, undated_rows
from monitoring_pipelines.domain.timestamps import TimestampKind
from monitoring_pipelines.errors import MissingColumnError, TimestampError
from tests.backends.duckdb.engine import log_of

AT = datetime(2026, 11, 5, 12, tzinfo=UTC)
EPOCH = int(AT.timestamp())


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([AT], TimestampKind.AWARE),
        ([AT.replace(tzinfo=None)], TimestampKind.NAIVE),
        (pa.array([AT.replace(tzinfo=None)], pa.timestamp("ns")), TimestampKind.NAIVE),
        ([date(2026, 11, 5)], TimestampKind.DATE),
        ([AT.isoformat()], TimestampKind.TEXT),
        ([EPOCH], TimestampKind.SECONDS),
        (pa.array([EPOCH], pa.uint32()), TimestampKind.SECONDS),
        ([float(EPOCH)], TimestampKind.SECONDS),
        ([EPOCH * 1_000], TimestampKind.MILLISECONDS),
        ([EPOCH * 1_000_000_000], TimestampKind.NANOSECONDS),
        (pa.array([None], pa.int64()), TimestampKind.SECONDS),
        (pa.array([None], pa.string()), TimestampKind.TEXT),
    ],
)
def test_the_type_and_size_of_values_tell_their_kind(values: Any, kind: TimestampKind) -> None:
    assert time_column(log_of({"at": values}), "at", UTC).kind is kind


def test_a_number_that_is_no_time_leaves_its_row_undated() -> None:
    log = log_of({"at": [float(EPOCH), float("nan"), 1e300, None, float(EPOCH)]}, time="at")
    assert undated_rows(log) == 3


@pytest.mark.parametrize("values", [[True], [b"x"], [[1]], [timedelta(1)]])
def test_other_types_are_no_time(values: list[Any]) -> None:
    with pytest.raises(TimestampError, match="which is no time. Give a timestamp, a date"):
        time_column(log_of({"at": values}), "at", UTC)


def test_a_required_column_is_named_by_its_role() -> None:
    with pytest.raises(MissingColumnError) as error:
        log_of({"amount": [1]}).require([("segments", "amont")])
    assert str(error.value) == (
        "Column 'amont' (`segments`) is not in 'here'. Did you mean 'amount'? Known: amount."
    )
