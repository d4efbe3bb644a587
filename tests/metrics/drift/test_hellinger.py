"""Values on paper, and the other form of the formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.metrics.drift.hellinger import hellinger
from tests.metrics.samples import histogram


@pytest.mark.parametrize(
    ("reference", "analysis", "expected"),
    [
        pytest.param((7, 3), (70, 30), 0.0, id="same shares, other size"),
        pytest.param((10, 0), (0, 10), 1.0, id="no bin in common"),
        pytest.param((1, 1), (2, 0), math.sqrt(1 - math.sqrt(0.5)), id="half moved"),
    ],
)
def test_known_values(
    reference: tuple[int, ...], analysis: tuple[int, ...], expected: float
) -> None:
    distance = hellinger(histogram(*reference), histogram(*analysis))
    assert distance == pytest.approx(expected, abs=1e-12)


def test_agrees_with_the_bhattacharyya_coefficient() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        a, b = rng.integers(0, 50, size=(2, 8)) + np.eye(2, 8, dtype=int)
        coefficient = float(np.sum(np.sqrt(a / a.sum() * b / b.sum())))
        ours = hellinger(histogram(*a.tolist()), histogram(*b.tolist()))
        assert ours == pytest.approx(math.sqrt(1 - coefficient), abs=1e-7)
