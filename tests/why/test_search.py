"""Causes that were put there are found, and where there is none hardly any is told."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.summaries.partition import Partition, Partitions
from monitoring_pipelines.why.measure import Kind, Measure
from monitoring_pipelines.why.search import ALPHA, Cause, How, causes, explained
from tests.why.cells import PLACES, halved, losses, scores

ACCURACY = Measure("accuracy", Kind.MEAN)
AREA = Measure("roc_auc", Kind.AREA)
# levels a to d, others, rows without one; ten deciles, rows without one; two levels
SIZES = {"kind": 6, "age": 11, "sex": 4}
KINDS = {
    "kind": ColumnKind.CATEGORICAL,
    "age": ColumnKind.NUMERIC,
    "sex": ColumnKind.CATEGORICAL,
}
USUAL = {
    "kind": np.array([0.4, 0.3, 0.2, 0.1, 0, 0]),
    "age": np.array([*[0.1] * 10, 0]),
    "sex": np.array([0.5, 0.5, 0, 0]),
}


def drawn(
    rng: np.random.Generator,
    n: int,
    shares: dict[str, Any],
    right: Any,
    measure: Measure = ACCURACY,
) -> Partitions:
    """`n` rows with independent features; ``right(parts)`` is how often the model is right."""
    parts = {name: rng.choice(SIZES[name], n, p=p) for name, p in (USUAL | shares).items()}
    half = rng.integers(0, 2, n)
    quality = np.broadcast_to(right(parts), n)
    if measure is AREA:
        label = rng.integers(0, 2, n)
        score = np.clip((rng.normal(size=n) + 3 * quality * label + 2) / 8, 0, 0.99)
        values: Any = ((score * PLACES).astype(int), label)
        make: Any = scores
    else:
        values, make = ((rng.uniform(size=n) < quality).astype(float),), losses

    def parted(name: str, part: Any, size: int) -> Partition:
        groups = () if name in SIZES else (tuple(range(6)), tuple(range(4)))
        columns = (name,) if name in SIZES else ("kind", "sex")
        cells = [make(part[half == h], *(v[half == h] for v in values), size) for h in (0, 1)]
        return halved(cells, columns, groups)

    single = {name: parted(name, part, SIZES[name]) for name, part in parts.items()}
    pair = parted("", parts["kind"] * 4 + parts["sex"], 24)
    return Partitions(n, single, (pair,))


def even(_: Any) -> float:
    return 0.8


def by_kind(parts: Any) -> Any:
    """The model is worse with the levels c and d."""
    return np.array([0.9, 0.85, 0.7, 0.5, 0.5, 0.5])[parts["kind"]]


def first(found: list[Cause]) -> Cause:
    assert found[0].holds
    return found[0]


def test_other_rows_came() -> None:
    rng = np.random.default_rng(1)
    moved = {"kind": np.array([0.1, 0.1, 0.4, 0.4, 0, 0])}
    found = first(
        causes(ACCURACY, drawn(rng, 20_000, {}, by_kind), drawn(rng, 4_000, moved, by_kind), KINDS)
    )
    assert (found.columns, found.how, found.members) == (("kind",), How.MIX, (2, 3))
    # 0.3 of the rows were c or d, right in (0.2 * 0.7 + 0.1 * 0.5) / 0.3; 0.8 of them are now
    usual_in, usual_out = (0.14 + 0.05) / 0.3, (0.36 + 0.255) / 0.7
    assert found.effect.value == pytest.approx((0.8 - 0.3) * (usual_in - usual_out), abs=0.02)
    assert found.now == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("measure", [ACCURACY, AREA], ids=lambda m: m.name)
def test_the_model_got_worse_with_some(measure: Measure) -> None:
    rng = np.random.default_rng(2)

    def worse(parts: Any) -> Any:
        return np.where(parts["kind"] == 2, 0.3, 0.8)

    before, now = drawn(rng, 20_000, {}, even, measure), drawn(rng, 5_000, {}, worse, measure)
    found = first(causes(measure, before, now, KINDS))
    assert (found.columns, found.how, found.members) == (("kind",), How.LOCAL, (2,))
    assert found.there < -0.1
    assert found.elsewhere == pytest.approx(0.0, abs=0.03)


def test_the_model_got_worse_with_the_old() -> None:
    rng = np.random.default_rng(3)

    def worse(parts: Any) -> Any:
        return np.where(parts["age"] >= 7, 0.5, 0.8)

    now = drawn(rng, 5_000, {}, worse)
    found = first(causes(ACCURACY, drawn(rng, 20_000, {}, even), now, KINDS))
    assert (found.columns, found.members) == (("age",), (7, 8, 9))


def test_rows_without_a_value_are_a_segment() -> None:
    rng = np.random.default_rng(4)

    def by_age(parts: Any) -> Any:
        return np.where(parts["age"] == 10, 0.3, 0.8)

    some, many = ({"age": np.array([*[(1 - p) / 10] * 10, p])} for p in (0.05, 0.5))
    before, now = drawn(rng, 20_000, some, by_age), drawn(rng, 4_000, many, by_age)
    assert first(causes(ACCURACY, before, now, KINDS)).members == (10,)


def test_two_features_together() -> None:
    rng = np.random.default_rng(5)

    def worse(parts: Any) -> Any:
        return np.where((parts["kind"] == 1) & (parts["sex"] == 0), 0.2, 0.8)

    now = drawn(rng, 6_000, {}, worse)
    found = first(causes(ACCURACY, drawn(rng, 20_000, {}, even), now, KINDS))
    assert (found.columns, found.members) == (("kind", "sex"), (1 * 4 + 0,))
    assert found.there == pytest.approx(-0.6, abs=0.05)


def test_everywhere_worse_has_no_cause() -> None:
    rng = np.random.default_rng(6)
    before, now = drawn(rng, 20_000, {}, even), drawn(rng, 5_000, {}, lambda _: 0.6)
    assert not any(cause.holds for cause in causes(ACCURACY, before, now, KINDS))


@pytest.mark.parametrize("fall", [0.0, 0.1], ids=["chance alone", "worse everywhere"])
@pytest.mark.parametrize("n", [200, 2_000], ids=str)
def test_false_causes_are_at_most_nominal(n: int, fall: float) -> None:
    """No share moves and no segment is special, so every cause is a false one."""
    rng = np.random.default_rng(n)
    draws = 150
    told = 0
    for _ in range(draws):
        before = drawn(rng, 4 * n, {}, by_kind)
        now = drawn(rng, n, {}, lambda parts: by_kind(parts) - fall)
        told += any(cause.holds for cause in causes(ACCURACY, before, now, KINDS))
    standard_error = math.sqrt(ALPHA * (1 - ALPHA) / draws)
    assert told / draws <= ALPHA + 3 * standard_error


def nothing(n_rows: int = 0) -> Partitions:
    empty = losses([0] * n_rows, [math.nan] * n_rows, 3)
    part = halved([empty, empty])
    return Partitions(n_rows, {"x": part})


@pytest.mark.parametrize("n", [0, 5])
def test_no_rows_no_labels_few_rows(n: int) -> None:
    some = halved([losses([0] * 50 + [1] * 50, [1.0] * 90 + [0.0] * 10, 3)] * 2)
    few = halved([losses([0] * n, [0.0] * n, 3)] * 2)
    kinds = {"x": ColumnKind.CATEGORICAL}
    full = Partitions(200, {"x": some})
    for pair in ((full, nothing(n)), (nothing(n), full), (full, Partitions(2 * n, {"x": few}))):
        assert causes(ACCURACY, *pair, kinds) == []


def test_a_constant_and_an_empty_feature_propose_nothing() -> None:
    # all rows in the only level, or all without a value; and no change at all
    for place in (0, 2):
        before = Partitions(
            400, {"x": halved([losses([place] * 200, [1.0] * 160 + [0.0] * 40, 3)] * 2)}
        )
        now = Partitions(
            400, {"x": halved([losses([place] * 200, [1.0] * 99 + [0.0] * 101, 3)] * 2)}
        )
        kinds = {"x": ColumnKind.CATEGORICAL}
        assert not any(cause.holds for cause in causes(ACCURACY, before, now, kinds))
        assert causes(ACCURACY, before, before, kinds) == []


def test_a_column_that_the_window_does_not_part_is_left_out() -> None:
    rng = np.random.default_rng(8)
    before, now = drawn(rng, 5_000, {}, even), drawn(rng, 2_000, {}, lambda _: 0.5)
    only = Partitions(now.n_rows, {"sex": now.single["sex"]})
    assert {cause.columns for cause in causes(ACCURACY, before, only, KINDS)} <= {("sex",)}


def test_what_an_effect_explains() -> None:
    # a change of -6 without an effect of -5 is -1; without one of -9 it is +3
    assert explained(-6.0, np.array([-5.0, -9.0, 1.0])).tolist() == [5.0, 3.0, -1.0]


def test_a_feature_that_goes_along_with_those_who_came_is_no_second_cause() -> None:
    """Within `region` the kinds are mixed otherwise, so the model seems to do worse there."""
    rng, told = np.random.default_rng(9), 0
    sizes = {"kind": 6, "region": 6}
    kinds = dict.fromkeys(sizes, ColumnKind.CATEGORICAL)
    for _ in range(20):
        periods = []
        for n, shares in ((30_000, (0.4, 0.3, 0.2, 0.1)), (5_000, (0.2, 0.2, 0.3, 0.3))):
            kind = rng.choice(4, n, p=shares)
            region = np.where(rng.random(n) < 0.7, kind, rng.integers(0, 4, n))
            right = (rng.random(n) < np.array([0.9, 0.85, 0.7, 0.6])[kind]).astype(float)
            half, parts = rng.integers(0, 2, n), {"kind": kind, "region": region}
            single = {
                name: halved(
                    [losses(parts[name][half == h], right[half == h], sizes[name]) for h in (0, 1)],
                    (name,),
                )
                for name in sizes
            }
            periods.append(Partitions(n, single))
        found = causes(ACCURACY, periods[0], periods[1], kinds)
        assert first(found).how is How.MIX
        told += any(cause.holds and cause.how is How.LOCAL for cause in found)
    # of these draws 8 told one before; by chance one in twenty may
    assert told <= 3


def test_what_all_features_explain_together_leaves_nothing_for_an_echo() -> None:
    rng = np.random.default_rng(10)

    def worse(parts: Any) -> Any:
        return np.where(parts["age"] >= 7, 0.5, 0.8)

    before, now = drawn(rng, 20_000, {}, even), drawn(rng, 5_000, {}, worse)
    change = first(causes(ACCURACY, before, now, KINDS)).split.change
    # none of it is left, or most, which has room for what is local
    assert not any(cause.holds for cause in causes(ACCURACY, before, now, KINDS, change))
    assert first(causes(ACCURACY, before, now, KINDS, change / 4)).columns == ("age",)
