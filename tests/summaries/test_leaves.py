"""Leaves are numbered in the order of their nodes, and survive being stored."""

from __future__ import annotations

import numpy as np

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
