"""The loss of each row, summed, is the metric that scikit-learn computes."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
from monitoring_pipelines.backends.duckdb.losses import place, row_loss, score_cell
from monitoring_pipelines.domain.task import Task

RNG = np.random.default_rng(0)
LABEL, PREDICTED = RNG.uniform(-0.5, 9, 200), RNG.uniform(-0.5, 9, 200)
NUMBERS = pd.DataFrame({"label": LABEL, "predicted": PREDICTED})
CLASS, SCORE = RNG.integers(0, 2, 200), RNG.uniform(size=200)
BINARY = pd.DataFrame({
    "label": CLASS.astype(str),
    "score": SCORE,
    "predicted": (SCORE > 0.4).astype(int).astype(str),
})  # fmt: skip


def joined(task: Task, **more: Any) -> LabelJoin:
    return LabelJoin(task=task, label="y", **more)


def mean(frame: pd.DataFrame, loss: str) -> float:
    connection = duckdb.connect()
    connection.register("frame", frame)
    found = connection.execute(f"SELECT avg({loss}) FROM frame").fetchall()
    return float(found[0][0])


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("bias", float(np.mean(PREDICTED - LABEL))),
        ("mae", metrics.mean_absolute_error(LABEL, PREDICTED)),
        ("mape", metrics.mean_absolute_percentage_error(LABEL, PREDICTED)),
        ("mse", metrics.mean_squared_error(LABEL, PREDICTED)),
        ("rmse", metrics.root_mean_squared_error(LABEL, PREDICTED) ** 2),
        ("rmsle", metrics.root_mean_squared_log_error(LABEL, PREDICTED) ** 2),
    ],
)
def test_errors_of_a_regression(measure: str, expected: float) -> None:
    assert mean(NUMBERS, row_loss(measure, joined(Task.REGRESSION))) == pytest.approx(expected)


def test_losses_of_two_classes() -> None:
    join = joined(Task.BINARY, score="s", prediction="p")
    assert mean(BINARY, row_loss("accuracy", join)) == pytest.approx(
        metrics.accuracy_score(CLASS, SCORE > 0.4)
    )
    assert mean(BINARY, row_loss("log_loss", join)) == pytest.approx(metrics.log_loss(CLASS, SCORE))
    assert mean(BINARY, row_loss("brier_score", join)) == pytest.approx(
        metrics.brier_score_loss(CLASS, SCORE)
    )


def test_a_threshold_decides_where_no_decision_is_logged() -> None:
    join = joined(Task.BINARY, score="s", threshold=0.7)
    assert mean(BINARY, row_loss("accuracy", join)) == pytest.approx(
        metrics.accuracy_score(CLASS, SCORE >= 0.7)
    )


def test_without_a_decision_no_row_counts() -> None:
    loss = row_loss("accuracy", joined(Task.BINARY, score="s"))
    found = duckdb.connect().execute(f"SELECT count({loss}) FROM (SELECT '1' AS label)").fetchall()
    assert found == [(0,)]


def test_losses_of_three_classes() -> None:
    proba = RNG.dirichlet(np.ones(3), 200)
    label = RNG.integers(0, 3, 200)
    frame = pd.DataFrame({f"proba{i}": proba[:, i] for i in range(3)})
    frame["label"] = np.array(list("abc"))[label]
    frame["predicted"] = np.array(list("abc"))[proba.argmax(axis=1)]
    join = joined(Task.MULTICLASS, prediction="p", proba={"a": "A", "b": "B", "c": "C"})
    assert mean(frame, row_loss("log_loss", join)) == pytest.approx(metrics.log_loss(label, proba))
    assert mean(frame, row_loss("accuracy", join)) == pytest.approx(
        metrics.accuracy_score(label, proba.argmax(axis=1))
    )


@pytest.mark.parametrize("n_edges", [1, 2, 3, 10, 99])
def test_places_are_those_of_a_search(n_edges: int) -> None:
    edges = sorted(RNG.uniform(size=n_edges).tolist())
    values = [*RNG.uniform(size=50).tolist(), *edges, None]
    connection = duckdb.connect()
    connection.register("frame", pd.DataFrame({"i": range(len(values)), "x": values}))
    found = connection.execute(f"SELECT {place('x', edges)} FROM frame ORDER BY i").fetchall()
    expected = np.searchsorted(edges, values[:-1], side="left").tolist()
    assert [row[0] for row in found] == [*expected, None]


def test_cells_of_a_score() -> None:
    join = joined(Task.BINARY, score="s")
    frame = pd.DataFrame({"score": [0.2, 0.5, 0.9], "label": ["0", "1", "1"]})
    connection = duckdb.connect()
    connection.register("frame", frame)
    found = connection.execute(f"SELECT {score_cell(join, (0.5,))} FROM frame").fetchall()
    # two bins, and beyond them the same two for positive rows
    assert found == [(0,), (2,), (3,)]
