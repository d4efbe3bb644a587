from __future__ import annotations

import numpy as np

from tests.estimation.samples import score_counts


def test_every_row_is_counted_once() -> None:
    score = np.array([0.2, 0.2, 0.7, 0.7, 0.7])
    found = score_counts(score, np.array([0, 0, 1, 0, -1]))
    assert found.n == 5
    assert found.rows.tolist() == [2, 3]


def test_rows_without_a_decision_weigh_nowhere() -> None:
    score = np.array([0.2, 0.2, 0.7, 0.7, 0.7])
    found = score_counts(score, np.array([0, 0, 1, 0, -1]))
    # decided negative: twice 0.2 and once 0.7; positive: once 0.7
    np.testing.assert_allclose(found.by_decision(found.scores), [1.1, 0.7], atol=1e-12)
