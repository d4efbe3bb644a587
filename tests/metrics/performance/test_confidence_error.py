"""Calibration error of a classifier's confidence."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.performance.confidence_error import (
    confidence_error,
    confidence_error_interval,
)
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.ranked import Ranked
from tests.metrics import samples


def test_row_by_row() -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(0), 800, 4)
    sure, right = score.max(axis=1), score.argmax(axis=1) == label
    expected = 0.0
    for low in np.arange(10) / 10:
        at = (sure >= low) & ((sure < low + 0.1) | (low == 0.9))
        expected += abs((sure[at] - right[at]).sum()) / 800
    assert confidence_error(samples.multiclass(label, score)) == pytest.approx(expected, abs=1e-12)


def test_a_model_that_means_what_it_says_is_within_its_interval_of_zero() -> None:
    """Calibrated by construction, 100 windows; the interval is conservative."""
    rng = np.random.default_rng(1)
    windows = [samples.multiclass(*samples.multiclass_rows(rng, 300, 4)) for _ in range(100)]
    assert sum(confidence_error_interval(one, 0.95)[0] > 0 for one in windows) <= 5


def test_scores_that_are_no_probabilities() -> None:
    table = samples.score_table(np.array([0, 1]), np.array([-3.0, 4.0]))
    labelled = LabelledSummary(2, 2, ranked=Ranked(np.array([1, 1]), table, 0))
    with pytest.raises(NotApplicableError, match="are not probabilities"):
        confidence_error(labelled)
