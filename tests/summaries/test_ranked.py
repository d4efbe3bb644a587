"""Ranks of the true class add up."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.summaries.ranked import Ranked
from monitoring_pipelines.summaries.score_table import ScoreTable


def test_two_summaries_add_up_also_with_another_number_of_classes() -> None:
    a = Ranked(np.array([5, 1]), ScoreTable(np.array([0.5]), np.array([1]), np.array([5])), 1)
    b = Ranked(np.array([2, 0, 1]), ScoreTable(np.array([0.9]), np.array([1]), np.array([2])), 2)
    both = a + b
    assert both.ranks.tolist() == [7, 1, 1]
    assert (both.n, both.n_issues, both.confidence.n) == (9, 3, 9)
