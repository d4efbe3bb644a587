"""Labels per window, with the moments of `labelled`, so that the two never disagree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from monitoring_pipelines.backends.duckdb.arrivals import Arrivals, count_arrivals
from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
from monitoring_pipelines.backends.duckdb.log import time_column
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.window import Cadence
from tests.backends.duckdb.engine import log_of

ZONE = ZoneInfo("America/New_York")
# the last hour before New York's clocks go back, and the same hour once more
FIRST = datetime(2026, 11, 1, 5, tzinfo=UTC)
AGAIN = FIRST + timedelta(hours=1)
DAY = datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_the_repeated_hour_is_two_windows_and_one_day() -> None:
    log = log_of({"id": [1, 2, 3], "at": [FIRST, AGAIN, AGAIN]}, time="at")
    known = [AGAIN, AGAIN, AGAIN + timedelta(days=9)]
    labels = log_of(
        {"id": ["1", "2", "3"], "y": [1.0, float("nan"), 1.0], "known": known},
        time="known",
        connection=log.connection,
        view="labels",
    )
    join = LabelJoin(task=Task.BINARY, label="y", labels=labels, prediction_id="id", label_id="id")
    rows = select_rows(log, None, None)
    hours = count_arrivals(rows, join, AGAIN, Cadence.HOUR, ZONE)
    assert hours == {FIRST: Arrivals(1, 1, AGAIN), AGAIN: Arrivals(2, 0, None)}
    days = count_arrivals(rows, join, AGAIN, Cadence.DAY, ZONE)
    assert days == {DAY: Arrivals(3, 1, AGAIN)}


def test_labels_in_the_prediction_log_are_counted_too() -> None:
    log = log_of(
        {"at": [FIRST, FIRST], "y": pa.array([1, None]), "known": [FIRST, AGAIN]}, time="at"
    )
    rows = select_rows(log, None, None)
    join = LabelJoin(task=Task.BINARY, label="y")
    found = count_arrivals(rows, join, AGAIN, Cadence.DAY, ZONE)
    assert found == {DAY: Arrivals(2, 1, None)}
    join = LabelJoin(task=Task.BINARY, label="y", available=time_column(log, "known", UTC))
    found = count_arrivals(rows, join, AGAIN, Cadence.DAY, ZONE)
    assert found == {DAY: Arrivals(2, 1, FIRST)}
