"""The same counts twice are told if chance does not give them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.metrics.sanity.frozen_column import frozen_column
from tests.metrics.sanity.columns import levels, numbers, seen

RNG = np.random.default_rng(6)
BEFORE = RNG.normal(size=5_000)


def test_the_same_numbers_again() -> None:
    now = numbers(RNG.normal(size=300), of=BEFORE)
    found = frozen_column(seen(numbers(BEFORE), now, now), 1e-9)
    assert found is not None
    assert (found.value, found.n) == (1.0, 300)
    # the order in which an engine adds changes the last digits of a mean
    assert now.moments is not None
    again = replace(now, moments=replace(now.moments, mean=now.moments.mean * (1 + 1e-14)))
    assert frozen_column(seen(numbers(BEFORE), again, now), 1e-9) is not None


def test_another_draw_is_another() -> None:
    now, then = (numbers(RNG.normal(size=300), of=BEFORE) for _ in range(2))
    assert frozen_column(seen(numbers(BEFORE), now, then), 0.05) is None


def test_only_the_window_just_before_counts() -> None:
    now, then = (numbers(RNG.normal(size=300), of=BEFORE) for _ in range(2))
    assert frozen_column(seen(numbers(BEFORE), now, then, now), 0.05) is None
    assert frozen_column(seen(numbers(BEFORE), now), 0.05) is None


def test_counts_may_agree_while_numbers_do_not() -> None:
    values = RNG.normal(size=300)
    now, then = (numbers(v, of=BEFORE) for v in (values, values + 1e-7))
    assert frozen_column(seen(numbers(BEFORE), now, then), 0.05) is None
    missing = replace(now, n_missing=1, n_rows=301)
    assert frozen_column(seen(numbers(BEFORE), now, missing), 0.05) is None


@pytest.mark.parametrize("n", [2, 10, 500])
def test_the_chance_of_two_levels_is_exact(n: int) -> None:
    """Of 2n values 2a and 2b: (2a choose a)(2b choose b) / (2n choose n)."""
    a, b = n // 2, n - n // 2
    chance = math.comb(2 * a, a) * math.comb(2 * b, b) / math.comb(2 * n, n)
    column = levels(["a"] * a + ["b"] * b)
    assert frozen_column(seen(column, column, column), chance * 1.001) is not None
    assert frozen_column(seen(column, column, column), chance * 0.999) is None


@pytest.mark.parametrize("values", [[], ["a"], ["a"] * 90])
def test_nothing_and_one_value_repeat_by_themselves(values: list[str]) -> None:
    column = levels(values, of=["a", "b"])
    assert frozen_column(seen(levels(["a", "b"]), column, column), 0.05) is None


def test_false_alarms() -> None:
    """Three levels in windows of 30 rows agree by chance often, and are then no finding."""
    rng, draws, alarms, agreed = np.random.default_rng(7), 4_000, 0, 0
    for _ in range(draws):
        now, then = (levels(rng.choice(["a", "b", "c"], size=30), of="abc") for _ in range(2))
        agreed += now == then
        alarms += frozen_column(seen(now, now, then), 0.01) is not None
    assert agreed > 40
    assert alarms / draws <= 0.01 + 3 * math.sqrt(0.01 * 0.99 / draws)
