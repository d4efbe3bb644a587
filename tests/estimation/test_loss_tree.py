"""The tree finds what the size of the error depends on, and is stored as plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.estimation.loss_tree import LEAF_ROWS, fit_tree, usable
from monitoring_pipelines.summaries.binning import ColumnBinning
from monitoring_pipelines.summaries.column import ColumnKind

AGE = ColumnBinning("age", ColumnKind.NUMERIC, "float", tuple(float(i) for i in range(1, 100)))
KIND = ColumnBinning("kind", ColumnKind.CATEGORICAL, "text", levels=("a", "b", "c", "d"))


def sample(n: int = 4_000, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "age": rng.uniform(0, 100, n),
        "kind": rng.choice(np.array(list("abcd"), dtype=object), n),
        "label": rng.normal(50, 10, n),
        "noise": rng.normal(size=n),
    }


def test_finds_the_number_that_the_error_depends_on() -> None:
    rows = sample()
    predicted = rows["label"] + rows["noise"] * np.where(rows["age"] <= 30, 1.0, 5.0)
    tree = fit_tree([AGE, KIND], rows, rows["label"], predicted)
    assert tree.columns[tree.column[0]] == "age"
    assert tree.threshold[0] == 30.0  # an edge of the bins
    assert tree.left[0] > 0
    assert tree.levels[0] == ()


def test_finds_the_levels_that_the_error_depends_on() -> None:
    rows = sample()
    large = np.isin(rows["kind"], ["b", "d"])
    predicted = rows["label"] + rows["noise"] * np.where(large, 5.0, 1.0)
    tree = fit_tree([AGE, KIND], rows, rows["label"], predicted)
    assert tree.columns[tree.column[0]] == "kind"
    assert {*tree.levels[0]} == {"a", "c"}


def test_rows_without_a_value_go_where_their_errors_are_alike() -> None:
    rows = sample()
    rows["age"][::4] = np.nan
    large = np.isnan(rows["age"]) | (rows["age"] > 30)
    predicted = rows["label"] + rows["noise"] * np.where(large, 5.0, 1.0)
    tree = fit_tree([AGE], rows, rows["label"], predicted)
    assert (tree.threshold[0], tree.missing_left[0]) == (30.0, 0)


def test_every_leaf_has_enough_rows_and_a_number() -> None:
    rows = sample(600)
    tree = fit_tree([AGE, KIND], rows, rows["label"], rows["label"] + rows["noise"] * rows["age"])
    assert 1 < len(tree.leaves) <= 600 // LEAF_ROWS
    assert sorted(tree.leaves.values()) == list(range(len(tree.leaves)))
    assert {*tree.leaves} == {*np.flatnonzero(tree.column < 0).tolist()}


@pytest.mark.parametrize("case", ["few rows", "no columns", "no error"])
def test_what_cannot_be_parted_is_one_leaf(case: str) -> None:
    rows = sample(2 * LEAF_ROWS - 1 if case == "few rows" else 500)
    error = 0.0 if case == "no error" else rows["noise"]
    columns = [] if case == "no columns" else [AGE]
    tree = fit_tree(columns, rows, rows["label"], rows["label"] + error)
    assert tree.leaves == {0: 0}
    assert tree.columns == ()


def test_the_same_rows_give_the_same_tree() -> None:
    rows = sample()
    predicted = rows["label"] + rows["noise"] * rows["age"]
    a, b = (fit_tree([AGE, KIND], rows, rows["label"], predicted) for _ in range(2))
    assert a.threshold.tolist() == b.threshold.tolist()
    assert a.levels == b.levels


def test_names_are_no_features() -> None:
    many = tuple(f"{i:03}" for i in range(101))
    assert not usable(ColumnBinning("name", ColumnKind.CATEGORICAL, "text", levels=many))
    assert not usable(ColumnBinning("flat", ColumnKind.CATEGORICAL, "text", levels=("a",)))
    assert not usable(ColumnBinning("none", ColumnKind.NUMERIC, "float"))
    assert usable(AGE)
    assert usable(KIND)
