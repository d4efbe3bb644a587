"""Top-5 accuracy is scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import top_k_accuracy_score

from monitoring_pipelines.metrics.performance.top_5_accuracy import (
    top_5_accuracy,
    top_5_accuracy_interval,
)
from tests.metrics import samples


@pytest.mark.parametrize("digits", [1, 12])
def test_it_is_scikit_learns_also_with_ties(digits: int) -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(5), 500, 8)
    score = score.round(digits)
    expected = top_k_accuracy_score(label, score, k=5, labels=range(8))
    labelled = samples.multiclass(label, score)
    assert top_5_accuracy(labelled) == pytest.approx(expected, abs=1e-12)
    low, high = top_5_accuracy_interval(labelled, 0.95)
    assert low < expected < high
