"""Leaves are numbered in the order of their nodes, and survive being stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.errors import BinMismatchError
from monitoring_pipelines.summaries.codec import decode, encode
from monitoring_pipelines.summaries.leaves import SUMS, LeafLosses, LossTree

TREE = LossTree(
    ("age", "kind"),
    column=np.array([0, -1, 1, -1, -1]),
    threshold=np.array([np.inf, 0.0, 0.0, 0.0, 0.0]),
    levels=((), (), ("a", "b"), (), ()),
    missing_left=np.array([1, 0, 0, 0, 0]),
    left=np.array([1, -1, 3, -1, -1]),
    right=np.array([2, -1, 4, -1, -1]),
)


def test_every_leaf_has_a_number() -> None:
    assert TREE.leaves == {1: 0, 3: 1, 4: 2}


def test_a_stored_tree_has_the_same_leaves_and_sums() -> None:
    losses = LeafLosses(TREE, 1 / 3, {"": np.full((10, 3, len(SUMS)), 0.1), "kind=a": np.eye(3)})
    found = decode(encode(losses))
    assert found.offset == 1 / 3
    assert found.tree.leaves == TREE.leaves
    assert found.tree.threshold.tolist() == TREE.threshold.tolist()
    assert found.tree.levels == TREE.levels
    assert {name: sums.tolist() for name, sums in found.sums.items()} == {
        name: sums.tolist() for name, sums in losses.sums.items()
    }


def test_losses_of_two_periods_add_up() -> None:
    """Each of 10 folds, 3 leaves and 11 sums; a segment may be in one of them."""
    ones, shape = np.ones((10, 3, len(SUMS))), (10, 3, len(SUMS))
    one = LeafLosses(TREE, 0.5, {"": ones, "kind=a": ones})
    two = LeafLosses(TREE, 0.5, {"": 2 * ones, "kind=b": ones})
    both = one + two
    assert {name: float(sums.max()) for name, sums in both.sums.items()} == {
        "": 3.0,
        "kind=a": 1.0,
        "kind=b": 1.0,
    }
    assert both.sums[""].shape == shape
    assert (one.n_rows, both.n_rows) == (30, 90)
    assert LeafLosses(TREE, 0.5, {}).n_rows == 0


def test_losses_of_another_tree_do_not_add_up() -> None:
    one = LeafLosses(TREE, 0.5, {})
    assert one.fingerprint == LeafLosses(replace(TREE), 0.5, {"": np.ones((10, 3, 1))}).fingerprint
    moved = replace(TREE, threshold=TREE.threshold + 1)
    for other in (LeafLosses(TREE, 0.25, {}), LeafLosses(moved, 0.5, {})):
        with pytest.raises(BinMismatchError):
            one + other
