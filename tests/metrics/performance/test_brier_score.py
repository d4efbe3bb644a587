"""The value is scikit-learn's on the rows; what is undefined is an error."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.performance.brier_score import brier_score, brier_score_interval
from tests.metrics import samples


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_scikit_learn(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = metrics.brier_score_loss(label, score)
        assert brier_score(samples.binary(label, score)) == pytest.approx(expected, abs=1e-9)


def test_certain_and_wrong_is_one() -> None:
    assert brier_score(samples.binary(np.array([0, 1]), np.array([1.0, 0.0]))) == 1


def test_one_row_has_no_interval() -> None:
    labelled = samples.binary(np.array([1]), np.array([0.8]))
    assert brier_score(labelled) == pytest.approx(0.04)
    with pytest.raises(NotApplicableError, match="1 labelled rows"):
        brier_score_interval(labelled, 0.95)


def test_scores_that_are_no_probabilities_are_an_error() -> None:
    labelled = samples.binary(np.array([0, 1]), np.array([-1.0, 2.0]))
    with pytest.raises(NotApplicableError, match="scores from -1 to 2 are not probabilities"):
        brier_score(labelled)


def test_one_class_is_fine() -> None:
    labelled = samples.binary(np.array([0, 0]), np.array([0.1, 0.1]))
    assert brier_score(labelled) == pytest.approx(0.01)
