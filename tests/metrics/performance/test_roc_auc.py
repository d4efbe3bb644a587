"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.metrics.performance.roc_auc import roc_auc, roc_auc_interval
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_scikit_learn(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = metrics.roc_auc_score(label, score)
        assert roc_auc(samples.binary(label, score)) == pytest.approx(expected, abs=1e-9)


def test_ties_count_half() -> None:
    labelled = samples.binary(np.array([0, 1]), np.array([0.5, 0.5]))
    assert roc_auc(labelled) == 0.5


def test_one_positive_has_a_wide_interval() -> None:
    low, high = roc_auc_interval(
        samples.binary(np.array([0, 0, 1]), np.array([0.1, 0.2, 0.3])), 0.95
    )
    assert low < 0.25
    assert high == 1


@pytest.mark.parametrize("only", [0, 1])
def test_one_class_is_an_error(only: int) -> None:
    label = np.full(5, only, dtype=np.int64)
    labelled = samples.binary(label, np.linspace(0.1, 0.9, 5))
    with pytest.raises(OneClassError, match="all 5 labels"):
        roc_auc(labelled)
    with pytest.raises(OneClassError, match="all 5 labels"):
        roc_auc_interval(labelled, 0.95)
