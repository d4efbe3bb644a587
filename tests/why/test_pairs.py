"""Pairs are of the features that matter most, in few groups."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.summaries.binning import ColumnBinning
from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.summaries.partition import Partitions
from monitoring_pipelines.why.measure import Kind, Measure
from monitoring_pipelines.why.pairs import MAX_FEATURES, choose_pairs
from tests.why.cells import halved, losses

ACCURACY = Measure("accuracy", Kind.MEAN)


def reference(n_features: int, n_levels: int = 7) -> tuple[Partitions, dict[str, ColumnBinning]]:
    """Feature f of n has an accuracy that differs by f / n between its levels."""
    rng = np.random.default_rng(0)
    single, columns = {}, {}
    # the fewer rows, the later the level
    part = rng.geometric(0.3, 4_000) - 1
    part[part >= n_levels] = 0
    for i in range(n_features):
        right = rng.uniform(size=4_000) < 0.5 + (part % 2 - 0.5) * i / n_features
        name = f"f{i:02}"
        single[name] = halved([losses(part, right.astype(float), n_levels + 2)] * 2, (name,))
        levels = tuple(f"level {k}" for k in range(n_levels))
        columns[name] = ColumnBinning(name, ColumnKind.CATEGORICAL, "text", levels=levels)
    return Partitions(8_000, single), columns


def test_features_over_which_the_performance_differs_come_first() -> None:
    found = choose_pairs(ACCURACY, *reference(12))
    chosen = {name for pair in found for name in pair.columns}
    assert chosen == {f"f{i:02}" for i in range(12 - MAX_FEATURES, 12)}
    assert len(found) == MAX_FEATURES * (MAX_FEATURES - 1) // 2


def test_what_the_user_named_is_there_too() -> None:
    found = choose_pairs(ACCURACY, *reference(12), first=["f00"])
    assert "f00" in {name for pair in found for name in pair.columns}


def test_the_frequent_levels_stand_alone() -> None:
    [pair] = choose_pairs(ACCURACY, *reference(2))
    # five levels, the two rare ones with all others, rows without a value
    assert pair.groups[0] == (0, 1, 2, 3, 4, 5, 5, 5, 6)


def test_a_number_is_cut_in_fifths() -> None:
    column = ColumnBinning("x", ColumnKind.NUMERIC, "float", tuple(range(9)), tuple(range(9)))
    part = halved([losses([0], [1.0], 11)] * 2)
    table = Partitions(2, {"x": part, "y": part})
    [pair] = choose_pairs(ACCURACY, table, {"x": column, "y": column})
    assert pair.groups[0] == (0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5)


def test_one_feature_or_none_has_no_pair() -> None:
    table, columns = reference(1)
    assert choose_pairs(ACCURACY, table, columns) == []
    assert choose_pairs(ACCURACY, Partitions(0, {}), {}) == []
