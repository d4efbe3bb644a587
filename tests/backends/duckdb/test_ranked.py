"""Ranks, confidence and label issues in SQL are those row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from monitoring_pipelines.backends.duckdb.labelled import LabelJoin, summarise_labelled
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.task import Task
from tests.backends.duckdb.engine import log_of
from tests.backends.duckdb.test_labelled import LATER
from tests.metrics import samples

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.ranked import Ranked

NAMES = ("b", "a", "c", "d'")  # not in order, and one that needs quotes


def counted(columns: dict[str, Any], names: tuple[str, ...] = NAMES) -> Ranked | None:
    proba = {name: f"p{i}" for i, name in enumerate(names)}
    join = LabelJoin(task=Task.MULTICLASS, label="y", prediction="said", proba=proba)
    return summarise_labelled(select_rows(log_of(columns), None, None), join, LATER)[""].ranked


@pytest.mark.parametrize("digits", [1, 12])
def test_row_by_row(digits: int) -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(3), 300, 4)
    score = score.round(digits)
    in_order = sorted(NAMES)
    columns: dict[str, Any] = {
        f"p{i}": score[:, in_order.index(name)] for i, name in enumerate(NAMES)
    }
    columns |= {"y": [in_order[i] for i in label]}
    columns |= {"said": [in_order[i] for i in score.argmax(axis=1)]}
    found, expected = counted(columns), samples.ranked(label, score)
    assert found is not None
    assert found.ranks.tolist() == expected.ranks.tolist()
    assert found.n_issues == expected.n_issues
    assert found.confidence.scores == pytest.approx(expected.confidence.scores)
    assert found.confidence.positives.tolist() == expected.confidence.positives.tolist()


def test_rows_that_miss_something_are_not_counted() -> None:
    columns = {
        "p0": [0.7, None, 0.7, 0.7],
        "p1": [0.3, 0.3, 0.3, 0.3],
        "y": ["b", "b", None, "unheard of"],
        "said": ["b", "b", "b", "a"],
    }
    found = counted(columns, ("b", "a"))
    assert found is not None
    assert found.ranks.tolist() == [1, 0]


def test_of_one_class_or_no_row_there_is_nothing() -> None:
    columns = {"p0": [0.7], "y": ["b"], "said": ["b"]}
    assert counted(columns, ("b",)) is None
    assert counted({"p0": [0.7], "p1": [0.3], "y": ["z"], "said": ["b"]}, ("b", "a")) is None
