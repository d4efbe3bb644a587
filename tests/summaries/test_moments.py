"""Merged moments are those of all values, also far from zero."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.summaries.moments import Moments


def moments(values: np.ndarray) -> Moments:
    mean = float(values.mean())
    return Moments(
        len(values), mean, float(((values - mean) ** 2).sum()), values.min(), values.max()
    )


@pytest.mark.parametrize("centre", [0.0, 1e9])
def test_merging_is_exact(centre: float) -> None:
    values = centre + np.random.default_rng(1).normal(size=1_000)
    whole = Moments(0, 0.0, 0.0, math.inf, -math.inf)
    for part in np.array_split(values, 13):
        whole = whole + moments(part)
    assert whole.n == 1_000
    assert whole.mean == pytest.approx(values.mean(), rel=1e-14, abs=1e-12)
    # a mean near 1e9 is itself only known to 1e-7; sums of squares would be off by 100
    assert whole.std == pytest.approx(values.std(ddof=1), rel=1e-12 if not centre else 1e-6)
    assert (whole.minimum, whole.maximum) == (values.min(), values.max())


def test_nothing_changes_nothing() -> None:
    nothing = Moments(0, 0.0, 0.0, math.inf, -math.inf)
    one = moments(np.array([3.0]))
    assert one + nothing == nothing + one == one
    assert math.isnan(one.std)
