"""Labels as they were known at one moment, joined by id, and counts that give every metric."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn import metrics

from monitoring_pipelines.backends.duckdb.labelled import LabelJoin, summarise_labelled
from monitoring_pipelines.backends.duckdb.log import time_column
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import ConfigError
from tests.backends.duckdb.engine import log_of, rows_of

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(days=30)
BINARY = LabelJoin(task=Task.BINARY, label="y", prediction_id="id", label_id="id", score="s")


def joined(
    predictions: dict[str, Any],
    labels: dict[str, Any],
    join: LabelJoin = BINARY,
    as_of: datetime = LATER,
) -> LabelledSummary:
    time = "known" if "known" in labels else None
    log = log_of(predictions)
    table = log_of(labels, time=time, connection=log.connection, view="labels")
    return summarise_labelled(select_rows(log, None, None), replace(join, labels=table), as_of)[""]


def counts(found: LabelledSummary) -> tuple[int, int, int, int]:
    assert found.scores is not None
    return found.n_rows, found.n_labelled, found.scores.n_negatives, found.scores.n_positives


def test_the_score_table_gives_scikit_learns_auc() -> None:
    rng = np.random.default_rng(0)
    score = rng.uniform(size=2_000).round(2)
    label = (rng.uniform(size=2_000) < score).astype(int)
    found = joined({"id": range(2_000), "s": score}, {"id": range(2_000), "y": label})
    assert found.scores is not None
    truth, scores, weight = found.scores.weighted
    expected = metrics.roc_auc_score(label, score)
    assert metrics.roc_auc_score(truth, scores, sample_weight=weight) == pytest.approx(
        expected, abs=1e-12
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_newest_label_counts_and_ties_do_not_depend_on_the_order(seed: int) -> None:
    arrivals = [
        (1, 0, START),
        (1, 1, START + timedelta(days=2)),
        (1, 0, START + timedelta(days=1)),
        (2, 0, START),
        (2, 1, START),
    ]
    random.Random(seed).shuffle(arrivals)
    ids, y, known = (list(column) for column in zip(*arrivals, strict=True))
    predictions = {"id": [1, 2, 3], "s": [0.1, 0.2, 0.3]}
    found = joined(predictions, {"id": ids, "y": y, "known": known})
    assert counts(found) == (3, 2, 0, 2)
    assert found.coverage == pytest.approx(2 / 3)
    assert found.last_available == START + timedelta(days=2)


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (1, 1), (2, 2), (9, 2)])
def test_only_labels_that_were_known_are_seen(days: int, expected: int) -> None:
    known = [START + timedelta(days=1), START + timedelta(days=2), None]
    labels = {"id": [1, 2, 3], "y": [1, 0, 1], "known": known}
    predictions = {"id": [1, 2, 3], "s": [0.1, 0.2, 0.3]}
    found = joined(predictions, labels, as_of=START + timedelta(days=days))
    assert (found.n_rows, found.n_labelled) == (3, expected)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([1, 2], ["1", "2"]),
        (["1", "2"], [1, 2]),
        ([1, 2], [1.0, 2.0]),
        (["1", "2"], [1.0, 2.0]),
        (["é'", 'x"'], ["é'", 'x"']),
    ],
)
def test_ids_of_two_types_meet(ours: list[Any], theirs: list[Any]) -> None:
    found = joined({"id": ours, "s": [0.1, 0.2]}, {"id": theirs, "y": [0, 1]})
    assert counts(found) == (2, 2, 1, 1)


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_label_is_none(missing: float | None) -> None:
    labels = {"id": [1, 1, 2, 3], "y": [1.0, missing, missing, 0.0], "known": [START] * 4}
    labels["known"][1] += timedelta(days=1)  # it does not take back what was known
    found = joined({"id": [1, 2, 3], "s": [0.1, 0.2, 0.3]}, labels)
    assert counts(found) == (3, 2, 1, 1)


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        ([0, 1, 1], "1"),
        ([0.0, 1.0, 1.0], "1"),
        ([False, True, True], "1"),
        (["0", "1", "1"], "1"),
        (["no", "yes", "yes"], "yes"),
        ([-1, 2, 2], "2"),
        (["x", "it's", "it's"], "it's"),
    ],
)
def test_the_positive_class_is_found_in_every_type(labels: list[Any], positive: str) -> None:
    join = replace(BINARY, positive=positive, prediction="d")
    predictions = {"id": [1, 2, 3], "s": [0.1, 0.2, 0.3], "d": list(reversed(labels))}
    found = joined(predictions, {"id": [1, 2, 3], "y": labels}, join)
    assert counts(found) == (3, 3, 1, 2)
    assert found.confusion is not None
    # truth by decision: (no, yes), (yes, yes), (yes, no)
    assert found.confusion.counts.tolist() == [[0, 1], [1, 1]]


def test_a_threshold_decides_where_no_decision_is_logged() -> None:
    predictions = {"id": [1, 2, 3], "s": [0.1, 0.5, 0.9]}
    join = replace(BINARY, threshold=0.5)
    found = joined(predictions, {"id": [1, 2, 3], "y": [0, 0, 1]}, join)
    assert found.confusion is not None
    assert found.confusion.counts.tolist() == [[1, 1], [0, 1]]


def test_the_label_may_stand_beside_the_prediction() -> None:
    log = log_of({"s": [0.1, 0.2, 0.3], "y": [0, 1, None], "known": [START, LATER, START]})
    join = replace(BINARY, available=time_column(log, "known", UTC))
    rows = select_rows(log, None, None)
    early = summarise_labelled(rows, join, START)[""]
    late = summarise_labelled(rows, join, LATER)[""]
    assert (early.n_labelled, late.n_labelled) == (1, 2)
    assert late.last_available == LATER
    assert summarise_labelled(rows, BINARY, START)[""].n_labelled == 2


def test_segments_are_the_rows_apart() -> None:
    predictions = {"s": [0.1, 0.2, 0.3, 0.4], "g": ["a", "a", "b", None], "y": [0, 1, 1, 1]}
    found = summarise_labelled(rows_of(predictions), BINARY, LATER, "g")
    assert {name: counts(part) for name, part in found.items()} == {
        "a": (2, 2, 1, 1),
        "b": (1, 1, 0, 1),
    }


def test_no_row_at_all() -> None:
    empty = {"s": pa.array([], pa.float64()), "y": pa.array([], pa.int64())}
    found = summarise_labelled(rows_of(empty), BINARY, LATER)[""]
    assert (found.n_rows, found.coverage, found.scores) == (0, 0.0, None)


def test_classes_and_their_probabilities() -> None:
    rng = np.random.default_rng(1)
    proba = rng.dirichlet([1, 1, 1], size=500)
    label, decided = rng.integers(0, 3, size=500), proba.argmax(axis=1)
    predictions = {"id": range(500), "d": decided} | {f"p{i}": proba[:, i] for i in range(3)}
    join = LabelJoin(
        task=Task.MULTICLASS,
        label="y",
        prediction_id="id",
        label_id="id",
        prediction="d",
        proba={str(i): f"p{i}" for i in range(3)},
    )
    found = joined(predictions, {"id": range(500), "y": label.astype(float)}, join)
    assert found.confusion is not None
    assert found.confusion.counts.tolist() == metrics.confusion_matrix(label, decided).tolist()
    for i in range(3):
        truth, scores, weight = found.class_scores[str(i)].weighted
        assert metrics.roc_auc_score(truth, scores, sample_weight=weight) == pytest.approx(
            metrics.roc_auc_score(label == i, proba[:, i]), abs=1e-12
        )


def test_an_identifier_is_no_class() -> None:
    ids = [f"id {i}" for i in range(300)]
    join = LabelJoin(task=Task.MULTICLASS, label="y", prediction="y")
    with pytest.raises(ConfigError, match="'y' and 'y' have 300 classes, more than 200"):
        summarise_labelled(rows_of({"y": ids}), join, LATER)


def test_residuals_are_numpys() -> None:
    rng = np.random.default_rng(2)
    y, p = rng.normal(50, 10, size=400), rng.normal(50, 10, size=400)
    join = LabelJoin(
        task=Task.REGRESSION, label="y", prediction_id="id", label_id="id", prediction="p"
    )
    labels = {"id": range(401), "y": pa.array([*map(str, y), "n/a"])}
    found = joined({"id": range(401), "p": [*p, 1.0]}, labels, join)
    assert (found.n_rows, found.n_labelled) == (401, 400)
    sums = found.residuals
    assert sums is not None
    assert sums.n == 400
    names = list(type(sums).__dataclass_fields__)
    values = [getattr(sums, name) for name in names[1:4]]
    expected = [(p - y).sum(), abs(p - y).sum(), ((p - y) ** 2).sum()]
    assert values == pytest.approx(expected, rel=1e-12)
