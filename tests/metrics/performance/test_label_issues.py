"""Label issues, by confident learning."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.metrics.performance.label_issues import (
    label_issues,
    label_issues_interval,
)
from tests.metrics import samples


def test_wrong_labels_of_a_sure_model_are_found() -> None:
    """A model that is always sure and right, and 40 of 400 labels changed: exactly these."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 400)
    score = np.full((400, 4), 0.01)
    score[np.arange(400), truth] = 0.97
    label = truth.copy()
    label[:40] = (label[:40] + 1) % 4
    labelled = samples.multiclass(label, score)
    assert label_issues(labelled) == pytest.approx(0.1)
    low, high = label_issues_interval(labelled, 0.95)
    assert low < 0.1 < high


def test_a_model_that_is_less_sure_raises_none_by_that() -> None:
    label = np.arange(300) % 3
    score = np.full((300, 3), 0.3)
    score[np.arange(300), label] = 0.4
    assert label_issues(samples.multiclass(label, score)) == 0
