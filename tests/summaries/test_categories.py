"""Counts per level that add up."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import BinMismatchError, EmptySampleError
from monitoring_pipelines.summaries.categories import Categories


def test_adds_up() -> None:
    a = Categories(("x", "y"), (1, 2), other=3)
    b = Categories(("x", "y"), (10, 20), other=30, complete=False)
    assert a + b == Categories(("x", "y"), (11, 22), other=33, complete=False)
    assert (a + b).n == 66


def test_other_values_are_the_last_share() -> None:
    assert Categories(("x",), (1,), other=3).shares("reference").tolist() == [0.25, 0.75]
    with pytest.raises(EmptySampleError, match="reference"):
        Categories(("x",), (0,)).shares("reference")


def test_other_levels_are_refused() -> None:
    with pytest.raises(BinMismatchError):
        Categories(("x",), (1,)) + Categories(("y",), (1,))
