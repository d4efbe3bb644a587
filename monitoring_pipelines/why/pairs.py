"""Which pairs of features are looked at together, and in how coarse groups of their parts.

It is decided on the reference alone, so the window that is explained has no say in it.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.why.split import performance

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from monitoring_pipelines.summaries.binning import ColumnBinning
    from monitoring_pipelines.summaries.partition import Cells, Partitions
    from monitoring_pipelines.why.measure import Measure

MAX_FEATURES = 8
N_GROUPS = 5
# with fewer labelled rows the performance in a part says nothing
MIN_ROWS = 30


class Pair(NamedTuple):
    """Two features and, for each, the group that each of its parts is in."""

    columns: tuple[str, str]
    groups: tuple[tuple[int, ...], tuple[int, ...]]


def choose_pairs(
    measure: Measure,
    reference: Partitions,
    columns: Mapping[str, ColumnBinning],
    first: Collection[str] = (),
) -> list[Pair]:
    """Pairs of the `first` features and of those over whose parts the performance differs most."""
    cells = {name: partition.of() for name, partition in reference.single.items()}
    ranked = sorted(
        cells, key=lambda name: (name not in first, -_spread(measure, cells[name]), name)
    )
    return [
        Pair((a, b), (_groups(columns[a], cells[a]), _groups(columns[b], cells[b])))
        for a, b in combinations(ranked[:MAX_FEATURES], 2)
    ]


def _spread(measure: Measure, cells: Cells) -> float:
    """Variance of the performance between parts, less what chance gives."""
    values, errors = performance(measure, cells)
    told = (cells.labelled >= MIN_ROWS) & np.isfinite(values) & np.isfinite(errors)
    if not told.any():
        return 0.0
    values, errors, weights = values[told], errors[told], cells.labelled[told]
    mean = float(np.average(values, weights=weights))
    return float(np.average((values - mean) ** 2 - errors**2, weights=weights))


def _groups(column: ColumnBinning, cells: Cells) -> tuple[int, ...]:
    """Fifths of a number; the most frequent levels and all others; rows without a value last."""
    n_values = len(cells.rows) - 1
    if column.kind is ColumnKind.NUMERIC:
        n_groups = min(N_GROUPS, n_values)
        return (*(place * n_groups // n_values for place in range(n_values)), n_groups)
    frequent = np.argsort(-cells.rows[: n_values - 1], kind="stable")[:N_GROUPS].tolist()
    own = {place: group for group, place in enumerate(frequent)}
    return (*(own.get(place, len(own)) for place in range(n_values)), len(own) + 1)
