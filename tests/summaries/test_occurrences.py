"""Counts add up, extremes stand beside each other, in whatever order windows are merged."""

from __future__ import annotations

from monitoring_pipelines.summaries.codec import decode, encode
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

A = SecuritySummary(3, {"s c": Occurrences(2, {"x": 1})}, {"gap": (5.0,)})
B = SecuritySummary(4, {"s c": Occurrences(3, {"y": 2}), "s d": Occurrences(1)}, {"gap": (7.0,)})


def test_windows_add_up() -> None:
    both = A + B
    assert both.n_rows == 7
    assert both.occurrences == {"s c": Occurrences(5, {"x": 1, "y": 2}), "s d": Occurrences(1)}
    assert both.extremes == {"gap": (5.0, 7.0)}


def test_the_order_does_not_matter_for_counts() -> None:
    assert (A + B).occurrences == (B + A).occurrences


def test_is_kept_as_it_is() -> None:
    assert decode(encode(A + B)) == A + B
