"""Leaves, sums and counts are those that a walk down the tree finds row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_pipelines.backends.duckdb.fit import fit_binning
from monitoring_pipelines.backends.duckdb.labelled import LabelJoin
from monitoring_pipelines.backends.duckdb.leaves import count_leaves, summarise_losses
from monitoring_pipelines.backends.duckdb.rows import Rows, select_rows
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.summaries.leaves import SUMS, LossTree
from tests.backends.duckdb.engine import log_of

LATER = datetime(2026, 2, 1, tzinfo=UTC)
JOIN = LabelJoin(
    task=Task.REGRESSION, label="y", prediction_id="id", label_id="id", prediction="said"
)


def table(n: int = 3_000, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "id": np.arange(n),
        "age": rng.normal(40, 10, n),
        "kind": rng.choice(list("abc"), n).astype(object),
        "y": rng.normal(30, 5, n),
    })  # fmt: skip
    frame["said"] = frame["y"] + rng.normal(size=n) * np.where(frame["age"] > 45, 4, 1)
    frame["said"] += np.where(frame["kind"] == "b", 3, 0)
    frame.loc[::17, "age"] = np.nan
    frame.loc[::13, "kind"] = None
    return frame


def rows_and_join(frame: pd.DataFrame) -> tuple[Rows, LabelJoin]:
    seen = frame.drop(columns="y")
    log = log_of({name: pa.array(seen[name], from_pandas=True) for name in seen})
    truth = frame[["id", "y"]].dropna()
    known = log_of(
        {name: truth[name].tolist() for name in truth}, connection=log.connection, view="labels"
    )
    return select_rows(log, None, "id"), replace(JOIN, labels=known)


def leaf(tree: LossTree, row: Any) -> int:
    node = 0
    while tree.column[node] >= 0:
        name = tree.columns[tree.column[node]]
        value = row[name]
        if pd.isna(value):
            goes = bool(tree.missing_left[node])
        elif isinstance(value, str):
            goes = value in tree.levels[node]
        else:
            goes = value <= tree.threshold[node]
        node = int(tree.left[node] if goes else tree.right[node])
    return tree.leaves[node]


def test_sums_per_leaf() -> None:
    frame = table()
    frame.loc[5:9, "y"] = np.nan
    rows, join = rows_and_join(frame)
    columns = fit_binning(rows, ["age", "kind"], [], []).columns
    losses = summarise_losses(rows, join, LATER, columns, ["kind"])
    assert {*losses.tree.columns} == {"age", "kind"}
    known = frame.dropna(subset=["y"])
    assert losses.offset == pytest.approx(known["y"].mean())
    at = known.apply(lambda row: leaf(losses.tree, row), axis=1)
    error = known["said"] - known["y"]
    spread = (known["y"] - losses.offset) ** 2 - (known["said"] - losses.offset) ** 2
    expected = {"n": error**0, "error": error, "squared": error**2, "spread": spread}
    expected |= {"quartic": error**4, "relative": abs(error / known["y"])}
    expected["log_squared"] = (np.log1p(known["said"]) - np.log1p(known["y"])) ** 2
    for segment, member in {"": known["id"] >= 0, "kind=b": known["kind"] == "b"}.items():
        found = losses.sums[segment].sum(axis=0)
        for name, loss in expected.items():
            for place in range(len(losses.tree.leaves)):
                value = found[place, SUMS.index(name)]
                assert value == pytest.approx(loss[member & (at == place)].sum(), abs=1e-6)
    assert {*losses.sums} == {"", "kind=a", "kind=b", "kind=c"}
    tenths = losses.sums[""][:, :, 0].sum(axis=1)
    assert abs(tenths - len(known) / 10).max() < 5 * np.sqrt(len(known) * 0.09)


def test_the_order_of_rows_does_not_matter() -> None:
    frame = table()
    other = frame.sample(frac=1, random_state=1)
    rows, join = rows_and_join(frame)
    columns = fit_binning(rows, ["age", "kind"], [], []).columns
    a, b = (summarise_losses(*rows_and_join(one), LATER, columns) for one in (frame, other))
    assert a.tree.threshold.tolist() == b.tree.threshold.tolist()
    assert a.tree.levels == b.tree.levels
    np.testing.assert_allclose(a.sums[""], b.sums[""], rtol=1e-9, atol=1e-9)
    counts = count_leaves(rows, join, a, columns)[""]
    assert counts.counts.tolist() == a.sums[""][:, :, 0].sum(axis=0).tolist()


def test_counts_of_a_window_with_new_levels_and_without_a_column() -> None:
    rows, join = rows_and_join(table())
    columns = fit_binning(rows, ["age", "kind"], [], []).columns
    losses = summarise_losses(rows, join, LATER, columns)
    now = table(500, seed=2)
    now.loc[:40, "kind"] = "new"
    now.loc[100:109, "said"] = np.nan
    for frame in (now, now.drop(columns="age")):
        at = rows_and_join(frame)[0]
        known = now.dropna(subset=["said"])
        if "age" not in frame:
            known = known.assign(age=np.nan)
        found = count_leaves(at, join, losses, columns)[""]
        expected = known.apply(lambda row: leaf(losses.tree, row), axis=1).value_counts()
        assert {i: n for i, n in enumerate(found.counts.tolist()) if n} == expected.to_dict()
        moved = known["said"] - losses.offset
        assert found.predicted == pytest.approx(moved.sum())
        assert found.predicted_squared == pytest.approx((moved**2).sum())
    parts = count_leaves(rows_and_join(now)[0], join, losses, columns, "kind")
    assert {name: int(part.counts.sum()) for name, part in parts.items()} == (
        now.dropna(subset=["said"])["kind"].value_counts().to_dict()
    )


def test_no_rows_are_counted_as_none() -> None:
    rows, join = rows_and_join(table())
    columns = fit_binning(rows, ["age", "kind"], [], []).columns
    losses = summarise_losses(rows, join, LATER, columns)
    empty = rows_and_join(table(2).iloc[:0])[0]
    assert count_leaves(empty, join, losses, columns)[""].counts.sum() == 0
    assert summarise_losses(empty, join, LATER, columns).tree.leaves == {0: 0}
