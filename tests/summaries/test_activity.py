"""Rows per level and per value, exact as long as that is small."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.summaries.activity import DIGITS, EXACT, Activity, Amounts, counted


def amounts(values: np.ndarray) -> Amounts:
    found = counted(values, np.ones(len(values), dtype=np.int64))
    return Amounts(*found, float(values.sum()), float((values**2).sum()))


def test_two_parts_are_the_whole() -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 50, 200).astype(float)
    whole, parts = amounts(values), amounts(values[:70]) + amounts(values[70:])
    assert (parts.values == whole.values).all()
    assert (parts.counts == whole.counts).all()
    assert (parts.n, parts.total, parts.squares) == (200, whole.total, whole.squares)


def test_of_very_many_values_three_digits_are_kept_and_every_row() -> None:
    values = np.random.default_rng(1).lognormal(6, 2, 20_000)
    rounded, counts = counted(values, np.ones(len(values), dtype=np.int64))
    assert len(rounded) <= EXACT
    assert counts.sum() == len(values)
    # the furthest that a value is from its three digits: half a unit of the third
    nearest = rounded[
        np.abs(np.searchsorted(rounded, values)[:, None] + [-1, 0])
        .clip(0)
        .T.clip(0, len(rounded) - 1)
    ]
    assert (np.abs(nearest - values).min(axis=0) / values).max() <= 0.5 * 10.0 ** (1 - DIGITS)
    again, _ = counted(rounded, counts)
    assert (again == rounded).all()


def test_zero_stays_zero() -> None:
    values = np.concatenate([np.zeros(5), np.random.default_rng(2).uniform(1, 2, 5000)])
    found, counts = counted(values, np.ones(len(values), dtype=np.int64))
    assert (found[0], counts[0]) == (0.0, 5)


def test_levels_and_amounts_add_up_and_what_one_lacks_stays() -> None:
    a = Activity(3, {"finish": {"stop": 2}}, {"cost": amounts(np.array([1.0]))})
    b = Activity(4, {"finish": {"stop": 1, "length": 1}, "status": {"ok": 4}})
    both = a + b
    assert both.n_rows == 7
    assert both.levels == {"finish": {"length": 1, "stop": 3}, "status": {"ok": 4}}
    assert both.amounts["cost"].n == (b + a).amounts["cost"].n == 1
    assert (a + a).amounts["cost"].total == pytest.approx(2.0)
