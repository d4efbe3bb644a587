"""Values on paper, and the bounds by total variation."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.metrics.drift.l_infinity import l_infinity
from tests.metrics.samples import categories, histogram


@pytest.mark.parametrize(
    ("reference", "analysis", "expected"),
    [
        pytest.param((7, 3), (70, 30), 0.0, id="same shares, other size"),
        pytest.param((10, 0), (0, 10), 1.0, id="no bin in common"),
        pytest.param((50, 30, 20), (45, 25, 30), 0.1, id="a tenth entered one bin"),
    ],
)
def test_known_values(
    reference: tuple[int, ...], analysis: tuple[int, ...], expected: float
) -> None:
    assert l_infinity(histogram(*reference), histogram(*analysis)) == pytest.approx(expected)


def test_unseen_levels_are_one_bin() -> None:
    assert l_infinity(categories(10), categories(7, other=3)) == pytest.approx(0.3)


def test_lies_between_total_variation_and_its_mean() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        p, q = rng.integers(1, 50, size=(2, 8))
        variation = 0.5 * float(np.abs(p / p.sum() - q / q.sum()).sum())
        ours = l_infinity(histogram(*p.tolist()), histogram(*q.tolist()))
        assert 2 * variation / 8 <= ours + 1e-12
        assert ours <= variation + 1e-12
