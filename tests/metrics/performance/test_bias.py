"""The value is the mean over the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.performance.bias import bias, bias_interval
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
def test_is_the_mean_error(n: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.regression_rows(rng, n)
        expected = float(np.mean(score - label))
        assert bias(samples.regression(label, score, 2.0)) == pytest.approx(expected, abs=1e-9)


def test_the_sign_says_which_way() -> None:
    assert bias(samples.regression(np.array([1.0, 1.0]), np.array([3.0, 2.0]))) == 1.5
    assert bias(samples.regression(np.array([3.0, 2.0]), np.array([1.0, 1.0]))) == -1.5


def test_one_row_has_a_value_and_no_interval() -> None:
    labelled = samples.regression(np.array([3.0]), np.array([5.0]))
    assert np.isfinite(bias(labelled))
    with pytest.raises(NotApplicableError, match="1 labelled rows"):
        bias_interval(labelled, 0.95)
