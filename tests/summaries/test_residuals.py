"""Sums of errors add up, also if their labels were shifted by other constants."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from monitoring_pipelines.summaries.residuals import Residuals
from tests.metrics.samples import regression_rows, residuals


@pytest.mark.parametrize("offset", [0.0, 2.0])
def test_parts_add_up_to_the_whole(offset: float) -> None:
    label, predicted = regression_rows(np.random.default_rng(1), 300)
    a = residuals(label[:100], predicted[:100], 2.0)
    b = residuals(label[100:], predicted[100:], offset)
    whole = dataclasses.asdict(residuals(label, predicted, 2.0))
    assert dataclasses.asdict(a + b) == pytest.approx(whole)


def test_nothing_changes_nothing() -> None:
    nothing = Residuals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    one = residuals(np.array([1.0]), np.array([3.0]))
    assert one + nothing == one
