"""Counts of calls, of all and of parts."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.backends.duckdb.activity import summarise_activity, told_columns
from monitoring_pipelines.summaries.activity import EXACT, Activity
from monitoring_pipelines.summaries.selection import Selection
from tests.backends.duckdb.engine import rows_of


def test_rows_per_level_and_value() -> None:
    rows = rows_of(
        {
            "finish": ["stop", "stop", None, "length"],
            "ok": [True, None, False, True],
            "cost": [0.5, None, 0.25, 0.5],
        }
    )
    found = summarise_activity(rows, ["finish", "ok", "none"], ["cost", "none"])[""]
    assert found.n_rows == 4
    assert found.levels == {"finish": {"length": 1, "stop": 2}, "ok": {"0": 1, "1": 2}}
    cost = found.amounts["cost"]
    assert (cost.values.tolist(), cost.counts.tolist()) == ([0.25, 0.5], [1, 2])
    assert (cost.total, cost.squares) == (1.25, 0.5625)


def test_parts_add_up_to_the_whole() -> None:
    rng = np.random.default_rng(0)
    rows = rows_of(
        {
            "tier": rng.choice(["a", "b"], 500),
            "finish": rng.choice(["stop", "length"], 500),
            "tokens": rng.integers(1, 400, 500),
        }
    )
    parts = summarise_activity(rows, ["finish"], ["tokens"], "tier")
    whole = summarise_activity(rows, ["finish"], ["tokens"])[""]
    assert parts.keys() == {"a", "b"}
    both = parts["a"] + parts["b"]
    assert (both.n_rows, both.levels) == (whole.n_rows, whole.levels)
    assert (both.amounts["tokens"].counts == whole.amounts["tokens"].counts).all()


def test_a_part_with_few_values_stays_exact_beside_a_large_one() -> None:
    rng = np.random.default_rng(1)
    n = EXACT + 2_000
    tokens = np.concatenate([rng.lognormal(6, 1, n), [1234.567, 2345.678]])
    rows = rows_of({"tier": ["large"] * n + ["small"] * 2, "tokens": tokens})
    parts = summarise_activity(rows, [], ["tokens"], "tier")
    assert parts["small"].amounts["tokens"].values.tolist() == [1234.567, 2345.678]
    large = parts["large"].amounts["tokens"]
    assert len(large.values) < EXACT
    assert (large.n, round(large.total, 6)) == (n, round(float(tokens[:n].sum()), 6))


def test_names_that_a_row_has_several_of() -> None:
    f, g = {"name": "f", "n": 2, "hits": 1}, {"name": "g", "n": 1, "hits": 0}
    rows = rows_of({"tools": [[f, g], [f], None, []], "tier": ["a", "b", "b", "a"]})
    whole = summarise_activity(rows, [], [], shares=["tools", "none"])[""]
    assert whole.shares == {"tools": {"f": Selection(4, 2), "g": Selection(1, 0)}}
    parts = summarise_activity(rows, [], [], "tier", ["tools"])
    assert (parts["a"] + parts["b"]).shares == whole.shares


def test_negative_and_infinite_amounts_are_left_out() -> None:
    rows = rows_of({"ms": [-5.0, float("inf"), float("nan"), 0.0, 7.0]})
    assert summarise_activity(rows, [], ["ms"])[""].amounts["ms"].values.tolist() == [0.0, 7.0]


def test_no_rows() -> None:
    rows = rows_of({"finish": np.array([], dtype=str), "ms": np.array([], dtype=float)})
    assert summarise_activity(rows, ["finish"], ["ms"])[""].n_rows == 0
    assert isinstance(summarise_activity(rows, [], [])[""], Activity)
    assert summarise_activity(rows, ["finish"], ["ms"], "finish") == {}


def test_columns_that_tell_anything() -> None:
    rows = rows_of({"a": [None, 1], "b": np.array([None, None], dtype=object)})
    assert told_columns(rows, ["a", "b"]) == ["a"]
    assert told_columns(rows, []) == []
