"""A change of unit is named; a shift, a stretch and no change at all are not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.metrics.sanity.unit_change import DIRECTED, unit_change
from tests.metrics.sanity.columns import levels, numbers, seen

if TYPE_CHECKING:
    from tests.metrics.samples import Floats

RNG = np.random.default_rng(8)


def said(before: Floats, now: Floats, alpha: float = 0.001) -> str:
    found = unit_change(seen(numbers(before), numbers(now, of=before)), alpha)
    return found.said if found else ""


@pytest.mark.parametrize(
    ("convert", "told"),
    [
        (lambda x: 1.8 * x + 32, "degrees Celsius had become degrees Fahrenheit"),
        (lambda x: (x - 32) / 1.8, "degrees Fahrenheit had become degrees Celsius"),
        (lambda x: x + 273.15, "degrees Celsius had become kelvin"),
        (lambda x: 100 * x, "a unit had become hundredths of it"),
        (lambda x: x / 100, "hundredths of it (cents, per cent, m and cm) had become a unit"),
        (lambda x: 1_000 * x, "a unit had become thousandths of it"),
        (lambda x: x / 1_000, "thousandths of it (s and ms, kg and g) had become a unit"),
        (lambda x: x * 2.54, "inches had become centimetres"),
        (lambda x: x * 0.45359237, "pounds had become kilograms"),
        (lambda x: x * 60, "hours or minutes had become minutes or seconds"),
    ],
)
def test_well_known_units(convert: object, told: str) -> None:
    before, now = RNG.normal(15, 4, 20_000), RNG.normal(15, 4, 1_000)
    assert told in said(before, convert(now))  # type: ignore[operator]


@pytest.mark.parametrize("sigma", [0.3, 1.0])
def test_skewed_amounts_in_cents(sigma: float) -> None:
    before, now = (RNG.lognormal(3, sigma, n) for n in (20_000, 2_000))
    assert "had become hundredths of it" in said(before, np.round(100 * now))


@pytest.mark.parametrize(
    "now",
    [
        RNG.normal(25, 4, 1_000),  # a shift
        RNG.normal(15, 9, 1_000),  # a stretch
        RNG.normal(30, 4, 1_000),  # doubled, but not its spread
        RNG.normal(15 * 1.3, 4 * 1.3, 1_000),  # 30 per cent more
        np.concatenate([RNG.normal(15, 4, 500), 100 * RNG.normal(15, 4, 500)]),  # half of the rows
    ],
)
def test_what_is_no_change_of_unit(now: Floats) -> None:
    assert said(RNG.normal(15, 4, 20_000), now) == ""


@pytest.mark.parametrize("n", [0, 1, 29])
def test_few_values(n: int) -> None:
    before = RNG.normal(15, 4, 1_000)
    assert said(before, 100 * before[:n]) == ""


def test_what_does_not_vary_and_what_is_no_number() -> None:
    before = RNG.normal(15, 4, 1_000)
    assert said(before, np.full(100, 1_500.0)) == ""
    assert said(np.full(100, 15.0), np.full(100, 1_500.0)) == ""
    words = levels(["a", "b"])
    assert unit_change(seen(words, words), 0.05) is None


def test_every_pair_has_its_way_back() -> None:
    for there, back in zip(DIRECTED[::2], DIRECTED[1::2], strict=True):
        a, b, c, d = *there[2:], *back[2:]
        assert (a * c, a * d + b) == pytest.approx((1.0, 0.0))


@pytest.mark.parametrize("n", [30, 300])
def test_false_alarms(n: int) -> None:
    rng, draws, alarms = np.random.default_rng(9), 500, 0
    for _ in range(draws):
        alarms += bool(said(rng.lognormal(0, 1, 1_000), rng.lognormal(0, 1, n), 0.05))
    assert alarms / draws <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / draws)


BEFORE = RNG.normal(15, 4, 20_000)
SAME, MILES, POUNDS, GROWN, CENTS = (
    RNG.normal(15, 4, 1_000) * by for by in (1.0, 1.609344, 1 / 0.45359237, 1.3, 100.0)
)


@pytest.mark.parametrize(
    ("now", "earlier", "told"),
    [
        pytest.param(MILES, [], True, id="the first window"),
        pytest.param(MILES, [SAME, SAME], True, id="it came between two windows"),
        pytest.param(MILES, [MILES, SAME, SAME], True, id="it came a window ago"),
        pytest.param(MILES, [MILES, MILES, MILES], False, id="who knows how it came"),
        pytest.param(MILES, [GROWN, SAME], False, id="it grew"),
        pytest.param(POUNDS, [MILES, SAME], False, id="it grew through another unit"),
        pytest.param(CENTS, [GROWN, MILES], True, id="nothing grows that fast"),
        pytest.param(MILES, [np.array([]), SAME], True, id="a window without values"),
    ],
)
def test_what_grew_has_no_other_unit(now: Floats, earlier: list[Floats], told: bool) -> None:
    columns = [numbers(part, of=BEFORE) for part in earlier]
    found = unit_change(seen(numbers(BEFORE), numbers(now, of=BEFORE), *columns), 0.001)
    assert (found is not None) is told
