"""Scores beside calls, or in a table of their own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.labelled import LabelJoin, summarise_labelled
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.summaries.ratings import Ratings
from tests.backends.duckdb.engine import log_of, rows_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def ratings(found: object) -> Ratings:
    assert isinstance(found, Ratings)
    return found


def test_scores_that_stand_beside_the_call() -> None:
    rows = rows_of({"valid": [True, False, None, True], "tier": ["a", "a", "a", "b"]})
    join = LabelJoin(task=Task.LLM, label="valid")
    whole = summarise_labelled(rows, join, NOW)[""]
    assert (whole.n_rows, whole.n_labelled) == (4, 3)
    assert ratings(whole.ratings).moments.mean == pytest.approx(2 / 3)
    assert ratings(whole.ratings).judges == {}
    parts = summarise_labelled(rows, join, NOW, "tier")
    assert {name: ratings(part.ratings).moments.mean for name, part in parts.items()} == {
        "a": 0.5,
        "b": 1.0,
    }


def test_scores_and_judges_of_another_table_the_newest_of_each_call() -> None:
    connection = connect()
    calls = log_of({"id": ["1", "2", "3"]}, connection=connection)
    at = [datetime(2025, 12, day, tzinfo=UTC) for day in (1, 2, 3)]
    scores = log_of(
        {"call": ["1", "1", "2"], "score": [1.0, 3.0, 5.0], "by": ["j1", "j2", "j2"], "at": at},
        time="at",
        connection=connection,
        view="scores",
    )
    join = LabelJoin(
        task=Task.AGENT,
        label="score",
        labels=scores,
        prediction_id="id",
        label_id="call",
        judge="by",
    )
    found = ratings(summarise_labelled(select_rows(calls, None, "id"), join, NOW)[""].ratings)
    assert (found.moments.mean, found.judges) == (4.0, {"j2": 2})
    earlier = datetime(2025, 12, 1, 12, tzinfo=UTC)
    found = ratings(summarise_labelled(select_rows(calls, None, "id"), join, earlier)[""].ratings)
    assert (found.moments.mean, found.judges) == (1.0, {"j1": 1})
