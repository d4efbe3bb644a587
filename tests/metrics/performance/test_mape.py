"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.performance.mape import mape, mape_interval
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
def test_agrees_with_scikit_learn(n: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.regression_rows(rng, n)
        expected = metrics.mean_absolute_percentage_error(label, score)
        assert mape(samples.regression(label, score, 2.0)) == pytest.approx(expected, abs=1e-9)


def test_a_label_of_zero_counts_as_the_spacing_of_doubles() -> None:
    label, predicted = np.array([0.0, 1.0]), np.array([1.0, 1.0])
    expected = metrics.mean_absolute_percentage_error(label, predicted)
    assert mape(samples.regression(label, predicted)) == pytest.approx(expected)


def test_one_row_has_a_value_and_no_interval() -> None:
    labelled = samples.regression(np.array([3.0]), np.array([5.0]))
    assert np.isfinite(mape(labelled))
    with pytest.raises(NotApplicableError, match="1 labelled rows"):
        mape_interval(labelled, 0.95)
