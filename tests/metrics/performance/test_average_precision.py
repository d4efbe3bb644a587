"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.metrics.performance.average_precision import (
    average_precision,
    average_precision_interval,
)
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_scikit_learn(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = metrics.average_precision_score(label, score)
        assert average_precision(samples.binary(label, score)) == pytest.approx(expected, abs=1e-9)


def test_a_perfect_order_is_one_and_not_certain() -> None:
    labelled = samples.binary(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]))
    low, high = average_precision_interval(labelled, 0.95)
    assert average_precision(labelled) == high == 1
    # Wilson for 2 of 2: 2 / (2 + z^2)
    assert low == pytest.approx(2 / (2 + 1.96**2), abs=1e-4)


@pytest.mark.parametrize("only", [0, 1])
def test_one_class_is_an_error(only: int) -> None:
    label = np.full(5, only, dtype=np.int64)
    labelled = samples.binary(label, np.linspace(0.1, 0.9, 5))
    with pytest.raises(OneClassError, match="all 5 labels"):
        average_precision(labelled)
    with pytest.raises(OneClassError, match="all 5 labels"):
        average_precision_interval(labelled, 0.95)
