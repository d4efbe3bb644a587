"""The value is the definition's, row by row; scikit-learn has no such metric."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.performance.calibration_error import (
    calibration_error,
    calibration_error_interval,
)
from tests.metrics import samples


def by_definition(label: np.ndarray, score: np.ndarray) -> float:
    edges = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])  # closed below
    place = np.digitize(score, edges)
    bins = [place == b for b in range(10)]
    return float(sum(abs(score[b].mean() - label[b].mean()) * b.mean() for b in bins if b.any()))


@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("digits", [1, 12])
def test_agrees_with_the_definition(n: int, digits: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        label, score = samples.binary_rows(rng, n, digits)
        expected = by_definition(label, score)
        assert calibration_error(samples.binary(label, score)) == pytest.approx(expected, abs=1e-9)


def test_the_last_bin_is_closed_on_both_sides() -> None:
    # 0.95 and 1.0 share a bin: mean 0.975, one of two is positive
    labelled = samples.binary(np.array([0, 1]), np.array([0.95, 1.0]))
    assert calibration_error(labelled) == pytest.approx(0.475)


def test_certain_and_wrong_is_one() -> None:
    assert calibration_error(samples.binary(np.array([0, 1]), np.array([1.0, 0.0]))) == 1


def test_the_interval_reaches_zero_for_a_calibrated_model() -> None:
    rng = np.random.default_rng(2)
    reached = 0
    for _ in range(200):
        low, high = calibration_error_interval(samples.binary(*samples.binary_rows(rng, 500)), 0.95)
        assert high > low
        reached += low == 0  # the true error within bins of a calibrated model is 0
    assert reached / 200 > 0.95


def test_scores_that_are_no_probabilities_are_an_error() -> None:
    labelled = samples.binary(np.array([0, 1]), np.array([-1.0, 2.0]))
    with pytest.raises(NotApplicableError, match="scores from -1 to 2 are not probabilities"):
        calibration_error(labelled)


def test_one_class_is_fine() -> None:
    labelled = samples.binary(np.array([0, 0]), np.array([0.1, 0.1]))
    assert calibration_error(labelled) == pytest.approx(0.1)
