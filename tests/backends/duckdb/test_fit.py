"""Bins come from quantiles, levels from counts, and neither from the order of rows."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pytest

from monitoring_pipelines.backends.duckdb import fit
from monitoring_pipelines.backends.duckdb.fit import MAX_LEVELS, fit_binning, usable
from monitoring_pipelines.backends.duckdb.table import summarise_table
from monitoring_pipelines.summaries.binning import Binning
from monitoring_pipelines.summaries.column import ColumnKind
from tests.backends.duckdb.engine import rows_of


def test_edges_are_numpys_percentiles() -> None:
    x = np.random.default_rng(0).normal(size=1_001)
    fitted = fit_binning(rows_of({"x": x}), ["x"], [], []).columns["x"]
    assert fitted.edges == pytest.approx(np.quantile(x, np.arange(1, 100) / 100), rel=1e-12)
    assert (fitted.minimum, fitted.maximum) == (x.min(), x.max())


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, 3] * 20, ColumnKind.CATEGORICAL),
        (list(range(30)), ColumnKind.CATEGORICAL),
        (list(range(31)), ColumnKind.NUMERIC),
        ([1.0, 2.0] * 5, ColumnKind.NUMERIC),
        (["1", "2"], ColumnKind.CATEGORICAL),
        ([True, False], ColumnKind.CATEGORICAL),
    ],
)
def test_few_whole_numbers_are_codes(values: list[object], kind: ColumnKind) -> None:
    assert fit_binning(rows_of({"x": values}), ["x"], [], []).columns["x"].kind is kind


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (list(range(10_000, 10_200)), ColumnKind.CATEGORICAL),  # 100 pairs alike by chance
        (list(range(10_000, 10_199)), ColumnKind.NUMERIC),  # too few to say so
        ([*range(10_000, 10_199), 10_000], ColumnKind.NUMERIC),
        (list(range(0, 20_000 * 200, 20_000)), ColumnKind.NUMERIC),  # amounts, all different
    ],
)
def test_whole_numbers_that_never_repeat_are_names(values: list[int], kind: ColumnKind) -> None:
    assert fit_binning(rows_of({"x": values}), ["x"], [], []).columns["x"].kind is kind
    numeric = fit_binning(rows_of({"x": values}), ["x"], ["x"], [])
    assert numeric.columns["x"].kind is ColumnKind.NUMERIC


def test_the_user_has_the_last_word() -> None:
    rows = rows_of({"a": [1, 2], "b": [1.5, 2.5]})
    found = fit_binning(rows, ["a", "b"], ["a"], ["b"]).columns
    assert (found["a"].kind, found["b"].kind) == (ColumnKind.NUMERIC, ColumnKind.CATEGORICAL)


def test_of_too_many_levels_the_frequent_ones_are_kept() -> None:
    values = [f"rare {i:04}" for i in range(MAX_LEVELS + 5)] + ["often"] * 3
    fitted = fit_binning(rows_of({"x": values}), ["x"], [], [], ["x"]).columns["x"]
    assert not fitted.complete
    assert len(fitted.levels) == MAX_LEVELS
    assert "often" in fitted.levels


def test_a_column_without_a_value_has_no_bins() -> None:
    rows = rows_of({"x": pa.array([None, None], pa.float64()), "y": [float("nan"), float("inf")]})
    found = fit_binning(rows, ["x", "y"], [], []).columns
    assert (found["x"].edges, found["y"].edges, found["y"].minimum) == ((), (), None)


def test_a_sample_does_not_depend_on_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "MAX_FIT_ROWS", 100)
    x = np.random.default_rng(1).normal(size=1_000)
    found = [fit_binning(rows_of({"row": part}), ["row"], [], []) for part in (x, x[::-1])]
    assert found[0] == found[1]
    assert found[0].columns["row"].edges != tuple(np.quantile(x, np.arange(1, 100) / 100))


@pytest.mark.parametrize("dtype", ["TIMESTAMP", "DATE", "STRUCT(a INTEGER)", "INTEGER[]"])
def test_what_is_neither_number_nor_level_is_no_feature(dtype: str) -> None:
    assert not usable(dtype)


def test_names_of_people_are_kept_as_digests_only() -> None:
    names = [f"person {i}" for i in range(300)] + ["nobody"] * 100
    rows = rows_of({"name": names, "kind": ["a", "b"] * 200})
    found = fit_binning(rows, ["name", "kind"], [], []).columns
    assert (found["name"].hashed, found["kind"].hashed) == (True, False)
    assert len(found["name"].levels) == 301
    assert not {*found["name"].levels} & {*names}
    assert hashlib.md5(b"nobody", usedforsecurity=False).hexdigest()[:8] in found["name"].levels
    table = summarise_table(rows, Binning(found), None).columns["name"].categories
    assert table is not None
    assert (table.n, table.other, max(table.counts)) == (400, 0, 100)
    assert not fit_binning(rows, ["name"], [], [], ["name"]).columns["name"].hashed


def test_a_category_with_rare_levels_keeps_their_names() -> None:
    kinds = [f"rare {i}" for i in range(150)] + ["usual"] * 151
    assert not fit_binning(rows_of({"kind": kinds}), ["kind"], [], []).columns["kind"].hashed
