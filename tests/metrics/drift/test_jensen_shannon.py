"""Every expected value is derived on paper or taken from another implementation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from monitoring_pipelines.metrics.drift.jensen_shannon import jensen_shannon
from tests.metrics.samples import histogram


@pytest.mark.parametrize(
    ("reference", "analysis", "expected"),
    [
        pytest.param((7, 3), (70, 30), 0.0, id="same shares, other size"),
        pytest.param((10, 0), (0, 10), 1.0, id="no bin in common"),
        # m = (3/4, 1/4); d^2 = 1/2 [1/2 log2(2/3) + 1/2 log2(2)] + 1/2 log2(4/3)
        #                     = 3/2 - 3/4 log2(3) = 0.31128
        pytest.param((1, 1), (2, 0), math.sqrt(1.5 - 0.75 * math.log2(3)), id="half moved"),
    ],
)
def test_known_values(
    reference: tuple[int, ...], analysis: tuple[int, ...], expected: float
) -> None:
    distance = jensen_shannon(histogram(*reference), histogram(*analysis))
    assert distance == pytest.approx(expected, abs=1e-12)


def test_agrees_with_scipy() -> None:
    rng = np.random.default_rng(20260101)
    for _ in range(100):
        p, q = rng.integers(0, 50, size=(2, 8)) + np.eye(2, 8, dtype=int)
        ours = jensen_shannon(histogram(*p.tolist()), histogram(*q.tolist()))
        assert ours == pytest.approx(jensenshannon(p, q, base=2), abs=1e-9)


def test_obeys_the_triangle_inequality() -> None:
    rng = np.random.default_rng(2)
    for _ in range(100):
        a, b, c = (histogram(*counts.tolist()) for counts in rng.integers(1, 50, size=(3, 5)))
        assert jensen_shannon(a, c) <= jensen_shannon(a, b) + jensen_shannon(b, c) + 1e-12
