"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.performance.mse import mse, mse_interval
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
def test_agrees_with_scikit_learn(n: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.regression_rows(rng, n)
        expected = metrics.mean_squared_error(label, score)
        assert mse(samples.regression(label, score, 2.0)) == pytest.approx(expected, abs=1e-9)


def test_a_perfect_model_has_no_error() -> None:
    labelled = samples.regression(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    assert mse(labelled) == 0
    assert mse_interval(labelled, 0.95) == (0, 0)


def test_one_row_has_a_value_and_no_interval() -> None:
    labelled = samples.regression(np.array([3.0]), np.array([5.0]))
    assert np.isfinite(mse(labelled))
    with pytest.raises(NotApplicableError, match="1 labelled rows"):
        mse_interval(labelled, 0.95)
