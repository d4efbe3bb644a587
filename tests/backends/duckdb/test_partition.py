"""Counts and sums per part are those that pandas and numpy find in the same rows."""

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
from monitoring_pipelines.backends.duckdb.partition import (
    Measured,
    Parting,
    summarise_partitions,
)
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.backends.duckdb.table import summarise_table
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.summaries.partition import part_counts
from tests.backends.duckdb.engine import log_of

LATER = datetime(2026, 2, 1, tzinfo=UTC)
JOIN = LabelJoin(
    task=Task.BINARY, label="y", prediction_id="id", label_id="id", score="s", prediction="d"
)


def table(n: int = 600, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "id": np.arange(n),
        "s": rng.uniform(size=n),
        "age": rng.normal(40, 10, n),
        "kind": rng.choice(list("abc"), n).astype(object),
        "y": rng.integers(0, 2, n),
    })  # fmt: skip
    frame["d"] = (frame["s"] > 0.5).astype(int)
    frame.loc[::17, "age"] = np.nan
    frame.loc[::13, "kind"] = None
    return frame


def measured(frame: pd.DataFrame, labels: pd.DataFrame | None = None, **more: Any) -> Measured:
    seen = frame.drop(columns="y")
    log = log_of({name: pa.array(seen[name], from_pandas=True) for name in seen})
    truth = frame[["id", "y"]] if labels is None else labels
    known = log_of(
        {name: truth[name].tolist() for name in truth}, connection=log.connection, view="labels"
    )
    rows = select_rows(log, None, "id" if "id" in frame else None)
    return Measured(
        rows=rows, join=replace(JOIN, labels=known), as_of=LATER, measure="accuracy", **more
    )


def test_losses_per_level() -> None:
    frame = table()
    at = measured(frame)
    binning = fit_binning(at.rows, ["kind"], [], []).columns
    [found] = summarise_partitions(at, binning, [Parting(("kind",))])
    right = (frame["d"] == frame["y"]).astype(float)
    for place, level in enumerate(("a", "b", "c", "never", None)):
        chosen = frame["kind"].isna() if level is None else frame["kind"] == level
        cells = found.of()
        assert cells.rows[place] == cells.labelled[place] == chosen.sum()
        assert cells.sums[place].tolist() == [right[chosen].sum()] * 2


def test_the_same_parts_as_the_label_free_summary() -> None:
    before, now = table(), table(seed=1)
    now.loc[:40, "kind"] = "new"
    at = measured(now)
    binning = fit_binning(measured(before).rows, ["age", "kind"], [], [])
    summary = summarise_table(at.rows, binning, None)
    wanted = [Parting((name,)) for name in binning.columns]
    for partition in summarise_partitions(at, binning.columns, wanted):
        counts = part_counts(summary.columns[partition.columns[0]])
        assert counts is not None
        assert partition.of().rows.tolist() == counts.tolist()


def test_scores_per_bin_and_class() -> None:
    frame = table()
    at = measured(frame, score_edges=(0.25, 0.5))
    binning = fit_binning(at.rows, ["kind"], [], []).columns
    [found] = summarise_partitions(at, binning, [Parting(("kind",))])
    place = np.searchsorted([0.25, 0.5], frame["s"])
    for level, part in (("a", 0), ("b", 1), ("c", 2)):
        for label in (0, 1):
            chosen = (frame["kind"] == level) & (frame["y"] == label)
            expected = np.bincount(place[chosen], minlength=3).tolist()
            assert found.of().sums[part, 3 * label : 3 * label + 3].tolist() == expected


def test_pairs_are_products_of_groups() -> None:
    frame = table()
    at = measured(frame)
    binning = fit_binning(at.rows, ["age", "kind"], [], []).columns
    # ten deciles in two groups, and missing ones; two groups of levels with all others
    groups = ((*[0] * 5, *[1] * 5, 2), (0, 1, 1, 1, 1))
    [found] = summarise_partitions(at, binning, [Parting(("age", "kind"), groups)])
    median = binning["age"].edges[binning["age"].coarse[4]]
    age = np.where(frame["age"].isna(), 2, frame["age"] > median)
    kind = np.where(frame["kind"] == "a", 0, 1)
    expected = np.bincount((2 * age + kind).astype(int), minlength=6)
    assert found.of().rows.tolist() == expected.tolist()
    assert found.groups == groups


def test_halves_are_random_and_do_not_depend_on_the_order_of_rows() -> None:
    frame = table(2_000)
    binning = fit_binning(measured(frame).rows, ["kind"], [], []).columns
    parts = [
        summarise_partitions(measured(rows), binning, [Parting(("kind",))])[0]
        for rows in (frame, frame.sample(frac=1, random_state=1))
    ]
    assert parts[0].rows.tolist() == parts[1].rows.tolist()
    # half of 2,000 rows, give or take four standard deviations of 22
    assert parts[0].rows[0].sum() == pytest.approx(1_000, abs=90)


def test_a_row_without_a_label_or_decision_is_a_row_and_no_loss() -> None:
    frame = table(100)
    frame["d"] = frame["d"].astype(object)
    frame.loc[:9, "d"] = None
    at = measured(frame, labels=frame.loc[:49, ["id", "y"]])
    binning = fit_binning(at.rows, ["kind"], [], []).columns
    [found] = summarise_partitions(at, binning, [Parting(("kind",))])
    assert found.of().rows.sum() == 100
    assert found.of().labelled.sum() == 40


def test_many_features_take_more_than_one_statement() -> None:
    frame = table(50)
    names = [f"f{i}" for i in range(19)]
    for i, name in enumerate(names):
        frame[name] = frame["id"] % (i + 2)
    at = measured(frame)
    binning = fit_binning(at.rows, names, [], names).columns
    found = summarise_partitions(at, binning, [Parting((name,)) for name in names])
    assert [part.columns for part in found] == [(name,) for name in names]
    for i, part in enumerate(found):
        counts = np.bincount(frame["id"] % (i + 2)).tolist()
        assert sorted(part.of().rows.tolist()) == sorted([*counts, 0, 0])


def test_a_column_that_is_gone_is_missing_in_every_row() -> None:
    binning = fit_binning(measured(table()).rows, ["age", "kind"], [], []).columns
    at = measured(table(30).drop(columns=["age", "kind"]))
    for part in summarise_partitions(at, binning, [Parting((name,)) for name in binning]):
        assert part.of().rows.tolist() == [0] * (part.rows.shape[1] - 1) + [30]


def test_a_feature_without_a_single_value_has_only_rows_without_one() -> None:
    frame = table(20)
    frame["kind"] = None
    frame["kind"] = frame["kind"].astype(object)
    full = fit_binning(measured(table()).rows, ["kind"], [], []).columns
    empty = {"kind": replace(full["kind"], levels=())}
    [found] = summarise_partitions(measured(frame), empty, [Parting(("kind",))])
    assert found.of().rows.tolist() == [0, 20]


def test_levels_are_text_and_never_syntax() -> None:
    frame = table(40)
    frame["kind"] = ["it's", 'a "b"', "x; DROP TABLE log", "--"] * 10
    at = measured(frame)
    binning = fit_binning(at.rows, ["kind"], [], []).columns
    [found] = summarise_partitions(at, binning, [Parting(("kind",))])
    assert found.of().rows.tolist() == [10, 10, 10, 10, 0, 0]
