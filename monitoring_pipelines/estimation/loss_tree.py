r"""Which features tell how large a regression's error is: a tree that parts the rows by them.

A regression tree [1]_ with the standardised error, absolute error, squared error and squared
logarithmic error as its targets, grown best leaf first on a sample of the reference. It splits at
the frozen bins only. The levels of a category are ordered by their mean squared error, shrunk to
that of all rows, and cut at one place, which is the best split in two [1]_. Columns with more than
a hundred levels are left out.

The tree only says which rows are alike; how large their errors are is counted over all rows of the
reference. So its leaves need not be right for an estimate to be: with the window's rows like the
reference's any tree gives the reference's error.

References
----------
.. [1] L. Breiman, J. H. Friedman, R. A. Olshen and C. J. Stone, "Classification and regression
   trees", sections 8 and 9.4, Wadsworth, 1984.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.summaries.leaves import LossTree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.binning import ColumnBinning

    Floats = NDArray[np.float64]

MAX_LEAVES, MAX_DEPTH = 128, 10
# a leaf has so many rows of the sample, and at least one in so many of it
LEAF_ROWS, LEAF_PART = 50, 500
MAX_LEVELS = 100
# a level of so few rows counts as much as the mean of all
PRIOR_ROWS = 50
# a few outliers must not decide all splits
LARGEST = 10.0
SEED = 20_260_101


def usable(column: ColumnBinning) -> bool:
    """Whether a tree can split by this column."""
    if column.kind is ColumnKind.NUMERIC:
        return bool(column.edges)
    return 1 < len(column.levels) <= MAX_LEVELS


def fit_tree(
    columns: Sequence[ColumnBinning],
    values: Mapping[str, NDArray[Any]],
    label: Floats,
    predicted: Floats,
) -> LossTree:
    """Tree of a sample: `values` by the name of the column, NaN or None where there is none.

    With too few rows, no columns or no error at all it is a single leaf.
    """
    from sklearn.tree import DecisionTreeRegressor

    targets = _targets(label, predicted)
    if not columns or not targets.size or len(label) < 2 * LEAF_ROWS:
        return _of_nodes((), [], [])
    orders = [_order(column, values[column.name], targets[:, 0]) for column in columns]
    codes = np.column_stack(
        [
            _codes(column, values[column.name], order)
            for column, order in zip(columns, orders, strict=True)
        ]
    )
    tree = DecisionTreeRegressor(
        max_leaf_nodes=MAX_LEAVES,
        max_depth=MAX_DEPTH,
        min_samples_leaf=max(LEAF_ROWS, len(label) // LEAF_PART),
        random_state=SEED,
    )
    return _stored(tree.fit(codes, targets).tree_, columns, orders)


def _targets(label: Floats, predicted: Floats) -> Floats:
    """Standardised losses, shape (rows, m); those without a spread are left out."""
    error = predicted - label
    losses = [error**2, np.abs(error), error]
    if label.size and min(label.min(), predicted.min()) > -1:
        losses.append((np.log1p(predicted) - np.log1p(label)) ** 2)
    told = [
        np.clip((loss - loss.mean()) / loss.std(), -LARGEST, LARGEST)
        for loss in losses
        if loss.size and loss.std() > 0
    ]
    return np.column_stack(told) if told else np.empty((len(label), 0))


def _order(column: ColumnBinning, values: NDArray[Any], loss: Floats) -> tuple[str, ...]:
    """Levels from the smallest mean loss to the largest; nothing for a number."""
    if column.kind is ColumnKind.NUMERIC:
        return ()
    shrunk = {
        level: float(loss[values == level].sum()) / (np.sum(values == level) + PRIOR_ROWS)
        for level in column.levels
    }
    return tuple(sorted(column.levels, key=lambda level: (shrunk[level], level)))


def _codes(column: ColumnBinning, values: NDArray[Any], order: tuple[str, ...]) -> Floats:
    """Place of each value among the bins or the ordered levels; NaN of none."""
    if column.kind is ColumnKind.NUMERIC:
        numbers = values.astype(np.float64)
        places = np.searchsorted(np.asarray(column.edges), numbers).astype(np.float64)
        return np.where(np.isnan(numbers), np.nan, places)
    place = {level: float(i) for i, level in enumerate(order)}
    return np.array([np.nan if v is None else place.get(v, float(len(order))) for v in values])


def _stored(tree: Any, columns: Sequence[ColumnBinning], orders: list[tuple[str, ...]]) -> LossTree:
    used = sorted({int(feature) for feature in tree.feature if feature >= 0})
    names = tuple(columns[feature].name for feature in used)
    nodes, levels = [], []
    for feature, cut, missing, left, right in zip(
        tree.feature,
        tree.threshold,
        tree.missing_go_to_left,
        tree.children_left,
        tree.children_right,
        strict=True,
    ):
        if feature < 0:
            nodes.append((-1, 0.0, 0, -1, -1))
            levels.append(())
            continue
        column, threshold = columns[feature], np.inf  # infinite: only rows without a value go right
        place = int(np.floor(min(cut, len(orders[feature]) or len(column.edges))))
        if place < len(column.edges):
            threshold = column.edges[place]
        nodes.append((used.index(int(feature)), threshold, int(missing), int(left), int(right)))
        levels.append(orders[feature][: place + 1])
    return _of_nodes(names, nodes, levels)


def _of_nodes(
    names: tuple[str, ...],
    nodes: Sequence[tuple[int, float, int, int, int]],
    levels: Sequence[tuple[str, ...]],
) -> LossTree:
    column, threshold, missing, left, right = zip(*(nodes or [(-1, 0.0, 0, -1, -1)]), strict=True)
    whole = (np.array(part, dtype=np.int64) for part in (missing, left, right))
    return LossTree(
        names,
        np.array(column, dtype=np.int64),
        np.array(threshold, dtype=np.float64),
        tuple(levels) or ((),),
        *whole,
    )
