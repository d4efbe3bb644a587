"""The identity, numbers on paper, and standard errors against simulation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from monitoring_pipelines.why.measure import Kind, Measure
from monitoring_pipelines.why.split import Split, inside, mix_of, split
from tests.why.cells import PLACES, losses, scores

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.partition import Cells

MEAN = Measure("accuracy", Kind.MEAN)
ROOT = Measure("rmse", Kind.ROOT)
AREA = Measure("roc_auc", Kind.AREA)
MEASURES = pytest.mark.parametrize("measure", [MEAN, ROOT, AREA], ids=lambda m: m.name)


def drawn(rng: np.random.Generator, measure: Measure, n: int, shares: Any, lift: Any) -> Cells:
    """`n` rows in parts of the given `shares`; the model is `lift` better in each part."""
    part = rng.choice(len(shares), n, p=shares)
    if measure.kind is Kind.AREA:
        label = rng.integers(0, 2, n)
        quality = rng.normal(size=n) + np.asarray(lift)[part] * label
        place = np.clip((quality + 3) / 6 * PLACES, 0, PLACES - 1).astype(int)
        return scores(part, place, label, len(shares))
    loss = (rng.uniform(size=n) < np.asarray(lift)[part]).astype(float)
    return losses(part, loss + (measure.kind is Kind.ROOT) * rng.uniform(size=n), len(shares))


def value(measure: Measure, cells: Cells) -> float:
    return float(measure.value(measure.means(cells.whole)[0]))


@MEASURES
def test_mix_and_within_are_the_whole_change(measure: Measure) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        shares = rng.dirichlet(np.ones(5), size=2)
        before = drawn(rng, measure, 400, shares[0], rng.uniform(0.2, 0.9, 5))
        now = drawn(rng, measure, 300, shares[1], rng.uniform(0.2, 0.9, 5))
        found = split(measure, before, now)
        expected = value(measure, now) - value(measure, before)
        assert found.mix.value + found.within.value == pytest.approx(expected, abs=1e-12)
        assert found.change == pytest.approx(expected, abs=1e-12)


def test_on_paper() -> None:
    # reference: 8 rows of a, 6 right; 2 of b, 1 right. Window: 2 of a, 2 right; 2 of b, none right.
    # mix = (0.5 - 0.8) 0.75 + (0.5 - 0.2) 0.5 = -0.075; within = 0.5 * 0.25 + 0.5 * -0.5 = -0.125
    before = losses([0] * 8 + [1] * 2, [1] * 6 + [0, 0, 1, 0], 2)
    now = losses([0, 0, 1, 1], [1, 1, 0, 0], 2)
    found = split(MEAN, before, now)
    assert (found.mix.value, found.within.value) == pytest.approx((-0.075, -0.125))
    assert found.reference == pytest.approx(0.7)
    assert found.unseen == 0.0


def test_rows_of_a_new_part_are_within_and_told_apart() -> None:
    # the reference has no row of b: it counts there as the reference as a whole, 0.75
    before = losses([0] * 4, [1, 1, 1, 0], 2)
    now = losses([0, 0, 1, 1], [1, 1, 0, 0], 2)
    found = split(MEAN, before, now)
    # within = 0.5 (1 - 0.75) + 0.5 (0 - 0.75), of which the second is of the new part
    assert found.mix.value == pytest.approx(0.0)
    assert found.within.value == pytest.approx(-0.25)
    assert found.unseen == pytest.approx(-0.375)


def test_the_area_is_that_of_the_reweighted_rows() -> None:
    rng = np.random.default_rng(5)
    before = drawn(rng, AREA, 500, [0.9, 0.1], [2.0, 0.5])
    now = drawn(rng, AREA, 400, [0.2, 0.8], [2.0, 0.5])
    weights = now.labelled / now.labelled.sum() / before.labelled
    mixed = (before.sums * weights[:, None]).sum(axis=0)
    negatives, positives = np.split(mixed, 2)
    from sklearn.metrics import roc_auc_score

    area = roc_auc_score(
        np.repeat([0, 1], PLACES), np.tile(range(PLACES), 2), sample_weight=[*negatives, *positives]
    )
    assert split(AREA, before, now).mix.value == pytest.approx(area - value(AREA, before))


@MEASURES
def test_standard_errors_are_those_of_a_simulation(measure: Measure) -> None:
    rng = np.random.default_rng(11)
    draws = 600
    shares, moved = [0.6, 0.3, 0.1], [0.3, 0.3, 0.4]
    lift, worse = [0.9, 0.6, 0.3], [0.9, 0.5, 0.3]
    found: list[Split] = []
    free = []
    for _ in range(draws):
        before = drawn(rng, measure, 900, shares, lift)
        now = drawn(rng, measure, 600, moved, worse)
        found.append(split(measure, before, now))
        free.append(mix_of(measure, before, now.rows))
    for effects in ([s.mix for s in found], [s.within for s in found], free):
        spread = float(np.std([effect.value for effect in effects]))
        # a standard deviation of 600 draws is good to 2.9 %, four of which are 12 %
        told = math.sqrt(float(np.mean([effect.error**2 for effect in effects])))
        assert told == pytest.approx(spread, rel=0.12)


@MEASURES
def test_no_label_is_needed_for_the_mix(measure: Measure) -> None:
    rng = np.random.default_rng(2)
    before = drawn(rng, measure, 500, [0.7, 0.3], [0.9, 0.4])
    now = drawn(rng, measure, 400, [0.2, 0.8], [0.9, 0.4])
    with_labels, without = split(measure, before, now).mix, mix_of(measure, before, now.rows)
    assert without.value == pytest.approx(with_labels.value)
    assert without.error == pytest.approx(with_labels.error)


def test_inside_each_part() -> None:
    before = losses([0, 0, 1, 1], [1, 0, 1, 1], 3)
    now = losses([0, 0, 2], [0, 0, 1], 3)
    change, error = inside(MEAN, before, now)
    assert change[0] == pytest.approx(-0.5)
    # one right of two: variance a half times a half, over two rows; the window has none
    assert error[0] == pytest.approx(math.sqrt(0.125))
    assert np.isnan(change[1:]).all()


def test_no_rows_no_labels_and_one_class_give_no_number() -> None:
    some, none = losses([0], [1.0], 1), losses([0], [math.nan], 1)
    for pair in ((some, none), (none, some)):
        assert math.isnan(split(MEAN, *pair).change)
    assert math.isnan(mix_of(MEAN, none, np.array([1])).value)
    assert math.isnan(mix_of(MEAN, some, np.array([0])).value)
    both, one = scores([0, 0], [1, 2], [0, 1], 1), scores([0], [1], [1], 1)
    assert math.isnan(split(AREA, both, one).within.value)


def test_a_constant_feature_explains_nothing() -> None:
    found = split(MEAN, losses([0] * 4, [1, 1, 0, 1], 1), losses([0] * 4, [1, 0, 0, 0], 1))
    assert found.mix.value == 0.0
    assert found.within.value == pytest.approx(-0.5)
