"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.metrics.performance.macro_roc_auc import (
    macro_roc_auc,
    macro_roc_auc_interval,
)
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
def test_agrees_with_scikit_learn(n: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.multiclass_rows(rng, n)
        expected = metrics.roc_auc_score(label, score, multi_class="ovr")
        assert macro_roc_auc(samples.multiclass(label, score)) == pytest.approx(expected, abs=1e-9)


def test_two_classes_give_the_binary_area() -> None:
    label, score = samples.binary_rows(np.random.default_rng(2), 100)
    both = samples.multiclass(label, np.column_stack([1 - score, score]))
    assert macro_roc_auc(both) == pytest.approx(metrics.roc_auc_score(label, score))


def test_a_class_without_a_label_is_an_error() -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(3), 30)
    labelled = samples.multiclass(np.minimum(label, 1), score)
    with pytest.raises(OneClassError, match="not class 2"):
        macro_roc_auc(labelled)
    with pytest.raises(OneClassError, match="not class 2"):
        macro_roc_auc_interval(labelled, 0.95)
