"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.metrics.performance.macro_f1 import macro_f1, macro_f1_interval
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
def test_agrees_with_scikit_learn(n: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.multiclass_rows(rng, n)
        expected = metrics.f1_score(label, score.argmax(axis=1), average="macro")
        assert macro_f1(samples.multiclass(label, score)) == pytest.approx(expected, abs=1e-9)


def test_a_class_that_is_never_right_adds_zero() -> None:
    table = Confusion(("a", "b", "c"), np.array([[2, 0, 0], [2, 0, 0], [0, 0, 0]]))
    # F1 of a: 2 * 2 / (2 + 4); of b: 0; c does not occur
    assert macro_f1(LabelledSummary(4, 4, confusion=table)) == pytest.approx((2 / 3 + 0) / 2)


def test_one_class_that_is_always_right_is_not_certain() -> None:
    table = Confusion(("a", "b"), np.array([[3, 0], [0, 0]]))
    labelled = LabelledSummary(3, 3, confusion=table)
    low, high = macro_f1_interval(labelled, 0.95)
    assert macro_f1(labelled) == high == 1
    assert low == pytest.approx(3 / (3 + 1.96**2), abs=1e-4)  # Wilson for 3 of 3
