"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import NotApplicableError, OneClassError
from monitoring_pipelines.metrics.performance.recall import recall, recall_interval
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_scikit_learn(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = metrics.recall_score(label, score >= 0.5)
        assert recall(samples.binary(label, score)) == pytest.approx(expected, abs=1e-9)


def test_a_multiclass_table_is_refused() -> None:
    labelled = samples.multiclass(*samples.multiclass_rows(np.random.default_rng(2), 50))
    with pytest.raises(NotApplicableError, match="3 classes are not two"):
        recall(labelled)


def test_nothing_to_divide_by_is_an_error() -> None:
    table = Confusion(("no", "yes"), np.array([[3, 2], [0, 0]]))
    labelled = LabelledSummary(5, 5, confusion=table)
    with pytest.raises(OneClassError, match="all 5 labels"):
        recall(labelled)
    with pytest.raises(OneClassError, match="all 5 labels"):
        recall_interval(labelled, 0.95)
