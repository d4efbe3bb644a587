"""Tables of classes add up, also if a class is new."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.summaries.confusion import Confusion


def test_a_new_class_makes_room() -> None:
    both = Confusion(("a", "c"), np.array([[1, 2], [3, 4]])) + Confusion(("b",), np.array([[5]]))
    assert both.classes == ("a", "b", "c")
    assert both.counts.tolist() == [[1, 0, 2], [0, 5, 0], [3, 0, 4]]
    assert both.n == 15


def test_a_binary_table_keeps_negative_first() -> None:
    table = Confusion(("no", "maybe"), np.array([[1, 2], [3, 4]]))  # not in the order of the names
    assert (table + table).classes == ("no", "maybe")
    assert (table + table).counts.tolist() == [[2, 4], [6, 8]]


def test_shares_of_the_rows_and_the_largest_classes() -> None:
    table = Confusion(("a", "b", "c"), np.array([[3, 1, 0], [0, 0, 0], [2, 0, 2]]))
    assert table.shares.tolist() == [[0.75, 0.25, 0], [0, 0, 0], [0.5, 0, 0.5]]
    # as a label or as a decision a occurs 9 times, b once and c 6 times
    assert table.largest(2).tolist() == [0, 2]
    assert table.largest(9).tolist() == [0, 1, 2]
