"""A column that stopped varying is told; one that hardly ever varied is not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.metrics.sanity.constant_column import constant_column
from tests.metrics.sanity.columns import levels, numbers, seen

RNG = np.random.default_rng(4)


def test_a_number_that_is_always_the_same() -> None:
    before = RNG.normal(size=5_000)
    found = constant_column(seen(numbers(before), numbers(np.zeros(300), of=before)), 1e-6)
    assert found is not None
    assert (found.value, found.n) == (1.0, 300)
    assert found.reference_value == pytest.approx(0.01, abs=0.002)  # one of a hundred bins


def test_a_value_that_the_reference_never_had() -> None:
    """A default of -1, below every value: it lies in the first bin, with the smallest ones."""
    before = RNG.uniform(size=5_000)
    assert constant_column(seen(numbers(before), numbers(np.full(300, -1.0), of=before)), 1e-6)


@pytest.mark.parametrize(("usual", "n"), [(50, 5), (99, 300), (999, 20)])
def test_the_chance_is_exact(usual: int, n: int) -> None:
    """All n of the window are that level: (N choose c) / (N + n choose c + n)."""
    total = 100 if usual < 100 else 1_000
    before = ["a"] * usual + ["b"] * (total - usual)
    chance = math.comb(total, usual) / math.comb(total + n, usual + n)
    now = levels(["a"] * n, of=before)
    assert constant_column(seen(levels(before), now), chance * 1.001) is not None
    assert constant_column(seen(levels(before), now), chance * 0.999) is None


@pytest.mark.parametrize("n", [0, 1])
def test_one_value_varies_never(n: int) -> None:
    before = RNG.normal(size=100)
    assert constant_column(seen(numbers(before), numbers(before[:n], of=before)), 0.05) is None


def test_a_column_that_never_varied() -> None:
    before = np.full(100, 3.0)
    assert constant_column(seen(numbers(before), numbers(before)), 0.05) is None
    always = ["a"] * 100
    assert constant_column(seen(levels(always), levels(always)), 0.05) is None


def test_values_that_no_list_has_may_be_several() -> None:
    """They are unseen, which is told elsewhere."""
    before = ["a", "b"] * 50
    assert constant_column(seen(levels(before), levels(["c", "d"] * 20, of=before)), 0.05) is None


def test_false_alarms() -> None:
    """Mostly one level (0.9 of the rows), windows of 20: all alike has probability 0.12."""
    rng, draws, alarms = np.random.default_rng(5), 2_000, 0
    for _ in range(draws):
        before, now = (rng.choice(["a", "b"], p=[0.9, 0.1], size=n) for n in (200, 20))
        alarms += constant_column(seen(levels(before), levels(now, of=before)), 0.05) is not None
    assert alarms / draws <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / draws)
