"""Scores and their judges add up."""

from __future__ import annotations

from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.ratings import Ratings


def test_two_parts_are_the_whole() -> None:
    a = Ratings(Moments(2, 0.5, 0.5, 0.0, 1.0), {"j1": 2})
    b = Ratings(Moments(1, 2.0, 0.0, 2.0, 2.0), {"j2": 1})
    both = a + b
    # 0, 1 and 2: mean 1, squares 1 + 0 + 1
    assert (both.moments.n, both.moments.mean, both.moments.m2) == (3, 1.0, 2.0)
    assert both.judges == {"j1": 2, "j2": 1}
