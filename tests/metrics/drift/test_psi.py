"""Values on paper, and the rule for empty bins."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.metrics.drift.psi import psi
from tests.metrics.samples import categories, histogram


@pytest.mark.parametrize(
    ("reference", "analysis", "expected"),
    [
        pytest.param((7, 3), (70, 30), 0.0, id="same shares, other size"),
        # (3/4 - 1/2) ln(3/2) + (1/4 - 1/2) ln(1/2) = ln(3) / 4
        pytest.param((1, 1), (3, 1), math.log(3) / 4, id="a quarter moved"),
        # an empty bin counts as 1e-4, the other stays 1
        pytest.param(
            (1, 1),
            (2, 0),
            0.5 * math.log(2) + (0.5 - 1e-4) * math.log(0.5 / 1e-4),
            id="an empty bin",
        ),
        pytest.param((1, 0), (2, 0), 0.0, id="empty in both"),
    ],
)
def test_known_values(
    reference: tuple[int, ...], analysis: tuple[int, ...], expected: float
) -> None:
    assert psi(histogram(*reference), histogram(*analysis)) == pytest.approx(expected, abs=1e-12)


def test_is_the_sum_of_both_relative_entropies() -> None:
    from scipy.stats import entropy

    rng = np.random.default_rng(1)
    for _ in range(100):
        p, q = rng.integers(1, 50, size=(2, 8))
        ours = psi(histogram(*p.tolist()), histogram(*q.tolist()))
        assert ours == pytest.approx(entropy(p, q) + entropy(q, p), abs=1e-9)


def test_an_unseen_level_counts() -> None:
    expected = -0.5 * math.log(0.5) + (0.5 - 1e-4) * math.log(0.5 / 1e-4)
    assert psi(categories(10), categories(5, other=5)) == pytest.approx(expected)
