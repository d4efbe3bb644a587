"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.performance.r2 import r2, r2_interval
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
def test_agrees_with_scikit_learn(n: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.regression_rows(rng, n)
        expected = metrics.r2_score(label, score)
        assert r2(samples.regression(label, score, 2.0)) == pytest.approx(expected, abs=1e-9)


def test_an_offset_protects_labels_far_from_zero() -> None:
    rng = np.random.default_rng(2)
    label = 1e8 + rng.normal(size=200)
    predicted = label + rng.normal(0, 0.5, 200)
    expected = metrics.r2_score(label, predicted)
    assert r2(samples.regression(label, predicted, offset=1e8)) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("n", [1, 5])
def test_labels_without_spread_are_an_error(n: int) -> None:
    labelled = samples.regression(np.full(n, 0.1), np.arange(n, dtype=float))
    with pytest.raises(NotApplicableError, match="no spread"):
        r2(labelled)
    with pytest.raises(NotApplicableError, match="no spread"):
        r2_interval(labelled, 0.95)
