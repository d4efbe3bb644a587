"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.metrics.performance.balanced_accuracy import (
    balanced_accuracy,
    balanced_accuracy_interval,
)
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_scikit_learn(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = metrics.balanced_accuracy_score(label, score >= 0.5)
        assert balanced_accuracy(samples.binary(label, score)) == pytest.approx(expected, abs=1e-9)


def test_serves_many_classes() -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(2), 100, k=4)
    expected = metrics.balanced_accuracy_score(label, score.argmax(axis=1))
    assert balanced_accuracy(samples.multiclass(label, score)) == pytest.approx(expected)


def test_a_class_without_a_label_does_not_count() -> None:
    table = Confusion(("a", "b", "c"), np.array([[3, 1, 0], [0, 0, 0], [1, 0, 1]]))
    labelled = LabelledSummary(6, 6, confusion=table)
    assert balanced_accuracy(labelled) == pytest.approx((3 / 4 + 1 / 2) / 2)


@pytest.mark.parametrize("only", [0, 1])
def test_one_class_is_an_error(only: int) -> None:
    label = np.full(5, only, dtype=np.int64)
    labelled = samples.binary(label, np.linspace(0.1, 0.9, 5))
    with pytest.raises(OneClassError, match="all 5 labels"):
        balanced_accuracy(labelled)
    with pytest.raises(OneClassError, match="all 5 labels"):
        balanced_accuracy_interval(labelled, 0.95)
