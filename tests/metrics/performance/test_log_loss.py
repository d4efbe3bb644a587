"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.performance.log_loss import log_loss, log_loss_interval
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_scikit_learn(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = metrics.log_loss(label, score, labels=[0, 1])
        assert log_loss(samples.binary(label, score)) == pytest.approx(expected, abs=1e-9)


def test_serves_many_classes() -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(2), 100)
    expected = metrics.log_loss(label, score)
    assert log_loss(samples.multiclass(label, score)) == pytest.approx(expected, abs=1e-9)


def test_certain_and_wrong_is_finite() -> None:
    labelled = samples.binary(np.array([0, 1]), np.array([1.0, 0.0]))
    assert log_loss(labelled) == pytest.approx(52 * np.log(2))  # clipped at the spacing, 2^-52


def test_one_row_has_no_interval() -> None:
    labelled = samples.binary(np.array([1]), np.array([0.5]))
    assert log_loss(labelled) == pytest.approx(np.log(2))
    with pytest.raises(NotApplicableError, match="1 labelled rows"):
        log_loss_interval(labelled, 0.95)


def test_scores_that_are_no_probabilities_are_an_error() -> None:
    labelled = samples.binary(np.array([0, 1]), np.array([-1.0, 2.0]))
    with pytest.raises(NotApplicableError, match="scores from -1 to 2 are not probabilities"):
        log_loss(labelled)


def test_one_class_is_fine() -> None:
    labelled = samples.binary(np.array([0, 0]), np.array([0.1, 0.1]))
    assert log_loss(labelled) == pytest.approx(-np.log(0.9))
