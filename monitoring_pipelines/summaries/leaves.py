"""Rows by the leaves of a tree over their features: what a regression's error is estimated from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.errors import BinMismatchError

# what is summed per leaf, in this order: see `Residuals`, of which these are the sums; the first is
# their number, `spread` the sum of (label - offset)² - (prediction - offset)²
SUMS = (
    "n",
    "error",
    "absolute",
    "squared",
    "quartic",
    "spread",
    "relative",
    "relative_squared",
    "n_log",
    "log_squared",
    "log_quartic",
)


@dataclass(frozen=True, eq=False)
class LossTree:
    """A binary tree of k nodes, the first one its root, as plain arrays.

    Node i asks for column ``columns[column[i]]``; rows with a number of at most ``threshold[i]``,
    or with a category in ``levels[i]``, go to node ``left[i]``, others to ``right[i]``, and rows
    without a value to the side that ``missing_left[i]`` tells. At a leaf ``column[i]`` is -1.
    """

    columns: tuple[str, ...]
    column: NDArray[np.int64]
    threshold: NDArray[np.float64]
    levels: tuple[tuple[str, ...], ...]
    missing_left: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]

    @cached_property
    def leaves(self) -> dict[int, int]:
        """Number of each leaf, by its node."""
        return {int(node): i for i, node in enumerate(np.flatnonzero(self.column < 0))}


@dataclass(frozen=True, eq=False)
class LeafLosses:
    """Losses of labelled rows by the leaves of `tree`, in ten random folds.

    ``sums[segment]`` has the shape (folds, leaves, m), m as in `SUMS`; "" is the segment of all
    rows.
    """

    tree: LossTree
    offset: float
    sums: Mapping[str, NDArray[np.float64]]

    @property
    def n_rows(self) -> int:
        """Labelled rows of all segments together."""
        return int(self.sums[""][:, :, 0].sum()) if "" in self.sums else 0

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that are equal for equal trees and offsets."""
        tree = self.tree
        arrays = (tree.column, tree.threshold, tree.missing_left, tree.left, tree.right)
        plain = [array.tolist() for array in arrays]
        text = repr((tree.columns, tree.levels, plain, self.offset))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def __add__(self, other: LeafLosses) -> LeafLosses:
        """The losses of both over the same tree; a segment may be in one of them."""
        if self.fingerprint != other.fingerprint:
            raise BinMismatchError(len(self.tree.leaves), len(other.tree.leaves))
        sums = dict(self.sums)
        for segment, part in other.sums.items():
            sums[segment] = sums[segment] + part if segment in sums else part
        return replace(self, sums=sums)


@dataclass(frozen=True, slots=True, eq=False)
class LeafCounts:
    """Predictions per leaf, shape (leaves,), labelled or not.

    `predicted` and `predicted_squared` are the sums of the prediction less the offset of the
    losses, and of its square.
    """

    counts: NDArray[np.int64]
    predicted: float
    predicted_squared: float
