"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import NotApplicableError, OneClassError
from monitoring_pipelines.metrics.performance.matthews_correlation import (
    matthews_correlation,
    matthews_correlation_interval,
)
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_scikit_learn(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = metrics.matthews_corrcoef(label, score >= 0.5)
        assert matthews_correlation(samples.binary(label, score)) == pytest.approx(
            expected, abs=1e-9
        )


def test_serves_many_classes() -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(2), 100, k=4)
    expected = metrics.matthews_corrcoef(label, score.argmax(axis=1))
    assert matthews_correlation(samples.multiclass(label, score)) == pytest.approx(expected)


def test_decisions_of_one_class_are_an_error() -> None:
    labelled = samples.binary(np.array([0, 1, 0]), np.array([0.1, 0.2, 0.3]))
    with pytest.raises(NotApplicableError, match="all 3 rows were decided to be of one class"):
        matthews_correlation(labelled)


def test_a_perfect_table_is_one_and_not_certain() -> None:
    labelled = samples.binary(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]))
    low, high = matthews_correlation_interval(labelled, 0.95)
    assert matthews_correlation(labelled) == high == 1
    assert low < 0.9


@pytest.mark.parametrize("only", [0, 1])
def test_one_class_is_an_error(only: int) -> None:
    label = np.full(5, only, dtype=np.int64)
    labelled = samples.binary(label, np.linspace(0.1, 0.9, 5))
    with pytest.raises(OneClassError, match="all 5 labels"):
        matthews_correlation(labelled)
    with pytest.raises(OneClassError, match="all 5 labels"):
        matthews_correlation_interval(labelled, 0.95)
