"""Counts per score and decision, of all rows whether or not they have a label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_pipelines.backends.duckdb import predicted
from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
from monitoring_pipelines.backends.duckdb.predicted import summarise_predicted
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.task import Task
from tests.backends.duckdb.engine import log_of

if TYPE_CHECKING:
    import pytest

    from monitoring_pipelines.summaries.predicted import PredictedSummary


def summary(
    join: LabelJoin, segment: str | None = None, **columns: Any
) -> dict[str, PredictedSummary]:
    return summarise_predicted(select_rows(log_of(columns), None, None), join, segment)


BINARY = LabelJoin(task=Task.BINARY, label="y", score="s", prediction="d", positive="yes")


def test_scores_and_decisions_are_counted() -> None:
    score = [0.2, 0.7, 0.7, 0.7, None, float("nan"), 0.2]
    decided = ["no", "yes", "no", None, "yes", "yes", "no"]
    found = summary(BINARY, s=score, d=decided)[""]
    assert found.n_rows == 7
    assert found.scores is not None
    assert found.scores.scores.tolist() == [0.2, 0.7]
    assert found.scores.rows.tolist() == [2, 3]
    # one row of 0.7 has no decision
    assert found.scores.by_decision(np.array([1.0, 1.0])).tolist() == [3, 1]


def test_a_threshold_decides_if_nothing_else_does() -> None:
    join = LabelJoin(task=Task.BINARY, label="y", score="s", threshold=0.5)
    found = summary(join, s=[0.2, 0.5, 0.7])[""].scores
    assert found is not None
    assert found.by_decision(np.ones(3)).tolist() == [1, 2]
    join = LabelJoin(task=Task.BINARY, label="y", score="s")
    found = summary(join, s=[0.2, 0.5, 0.7])[""].scores
    assert found is not None
    assert found.by_decision(np.ones(3)).tolist() == [0, 0]


def test_segments_are_counted_apart() -> None:
    found = summary(BINARY, "g", s=[0.1, 0.2, 0.3], d=["no"] * 3, g=["x", "y'", "x"])
    assert {name: part.n_rows for name, part in found.items()} == {"x": 2, "y'": 1}
    assert found["x"].scores is not None
    assert found["x"].scores.scores.tolist() == [0.1, 0.3]


def test_each_class_has_its_scores() -> None:
    proba = {"a": "pa", "b": "pb"}
    join = LabelJoin(task=Task.MULTICLASS, label="y", prediction="d", proba=proba)
    found = summary(
        join, d=["a", "b", "other", None], pa=[0.9, 0.2, 0.2, 0.2], pb=[0.1, 0.8, 0.8, 0.8]
    )
    tables = found[""].class_scores
    assert set(tables) == {"a", "b"}
    assert tables["a"].classes == ("a", "b", "other")
    assert tables["a"].by_decision(np.array([0.0, 1.0])).tolist() == [1, 0, 0]
    assert tables["b"].by_decision(tables["b"].scores).tolist() == [0.1, 0.8, 0.8]


def test_nothing_is_counted_of_no_rows_and_of_no_scores() -> None:
    empty = summary(BINARY, s=np.empty(0), d=np.empty(0, dtype=str))[""]
    assert (empty.n_rows, empty.scores) == (0, None)
    assert summary(BINARY, "g", s=np.empty(0), d=np.empty(0, dtype=str), g=np.empty(0)) == {}
    unscored = LabelJoin(task=Task.BINARY, label="y", prediction="d")
    assert summary(unscored, d=["yes", "no"])[""].scores is None


def test_scores_of_a_large_window_are_counted_to_four_decimals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(predicted, "EXACT_ROWS", 2)
    join = LabelJoin(task=Task.BINARY, label="y", score="s", threshold=0.12342)
    found = summary(join, s=[0.12344, 0.12341, 0.7])[""].scores
    assert found is not None
    assert found.scores.tolist() == [0.1234, 0.7]
    assert found.rows.tolist() == [2, 1]
    # what was decided was decided by the exact score
    assert found.by_decision(np.ones(2)).tolist() == [1, 2]
