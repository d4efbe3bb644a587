"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.metrics.performance.accuracy import accuracy, accuracy_interval
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_scikit_learn(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = metrics.accuracy_score(label, score >= 0.5)
        assert accuracy(samples.binary(label, score)) == pytest.approx(expected, abs=1e-9)


def test_serves_many_classes() -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(2), 100, k=4)
    expected = metrics.accuracy_score(label, score.argmax(axis=1))
    assert accuracy(samples.multiclass(label, score)) == pytest.approx(expected)


def test_one_row_has_a_wide_interval() -> None:
    labelled = samples.binary(np.array([1]), np.array([0.8]))
    low, high = accuracy_interval(labelled, 0.95)
    assert accuracy(labelled) == high == 1
    assert low == pytest.approx(0.025)  # a share that gives 1 of 1 in one of forty samples
