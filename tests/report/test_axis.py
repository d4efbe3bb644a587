"""Axes map their ends to their ends and name round numbers."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitoring_pipelines.report.axis import Axis, dates, spread


def test_ends_and_the_middle() -> None:
    axis = Axis(10, 20, 100, 0)
    assert [axis.at(value) for value in (10, 15, 20)] == [100, 50, 0]


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([1.0, 2.0], 0.92, 2.08),  # 8 % of the span on each side
        ([0.0, 1.0], 0.0, 1.08),  # nothing below zero of what is never below it
        ([-1.0, 1.0], -1.16, 1.16),
        ([5.0], 4.6, 5.4),
        ([0.0], 0.0, 1.0),
        ([], 0.0, 1.08),
        ([math.nan, math.inf, 3.0], 2.76, 3.24),
    ],
)
def test_over(values: list[float], low: float, high: float) -> None:
    axis = Axis.over(values, 0, 1)
    assert (axis.low, axis.high) == pytest.approx((low, high))


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 7.3, 1e12])
def test_ticks_are_round_few_and_inside(scale: float) -> None:
    axis = Axis.over([scale, 1.7 * scale], 0, 1)
    ticks = axis.ticks()
    assert 2 <= len(ticks) <= 6
    assert all(axis.low <= tick <= axis.high for tick in ticks)


def test_spread_keeps_the_last() -> None:
    assert spread(7, 4) == [0, 2, 4, 6]
    assert all(spread(n, 4)[-1] == n - 1 and len(spread(n, 4)) <= 4 for n in range(1, 60))


def test_dates_are_in_the_zone() -> None:
    midnight = datetime(2026, 3, 1, tzinfo=UTC)
    assert dates([midnight, midnight + timedelta(days=9)], ZoneInfo("America/New_York")) == [
        "2026-02-28",
        "2026-03-09",  # the clock was put forward on the 8th
    ]
    assert dates([midnight, midnight + timedelta(hours=5)], UTC) == ["03-01 00:00", "03-01 05:00"]
    assert dates([], UTC) == []
