"""Expected losses against what follows from the mixture, and intervals against the truth."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NoLabelError, NotApplicableError
from monitoring_pipelines.estimation.direct import expect_losses
from monitoring_pipelines.estimation.estimate import estimate
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.summaries.leaves import LeafCounts, LeafLosses, LossTree
from tests.metrics import samples

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary

METRICS = [metric for metric in PERFORMANCE.values() if Task.REGRESSION in metric.tasks]
FOLDS, OFFSET = 10, 20.0
TREE = LossTree(
    ("x",), np.array([0, -1, -1]), np.array([0.5, 0.0, 0.0]), ((), (), ()), *[np.zeros(3, int)] * 3
)


def draw(
    rng: np.random.Generator, n: int, share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Leaf, label and prediction; errors are double in the second leaf, of `share` of the rows."""
    leaf = (rng.random(n) < share).astype(int)
    predicted = rng.normal(20, 3, n) + 4 * leaf
    return leaf, predicted + 0.2 + rng.normal(size=n) * (1 + leaf), predicted


def sums(leaf: np.ndarray, label: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """As the engine counts them."""
    fold, error = np.arange(len(leaf)) % FOLDS, predicted - label
    relative, log = np.abs(error / label), np.log1p(predicted) - np.log1p(label)
    spread = (label - OFFSET) ** 2 - (predicted - OFFSET) ** 2
    one = np.ones(len(leaf))
    rows = [one, error, abs(error), error**2, error**4, spread, relative, relative**2]
    rows += [one, log**2, log**4]
    found = np.zeros((FOLDS, 2, len(rows)))
    np.add.at(found, (fold, leaf), np.column_stack(rows))
    return found


def counted(leaf: np.ndarray, predicted: np.ndarray) -> LeafCounts:
    moved = predicted - OFFSET
    counts = np.bincount(leaf, minlength=2)
    return LeafCounts(counts, float(moved.sum()), float(moved @ moved))


def truth(label: np.ndarray, predicted: np.ndarray) -> LabelledSummary:
    return samples.regression(label, predicted)


def test_the_reference_estimates_itself() -> None:
    leaf, label, predicted = draw(np.random.default_rng(1), 5_000, 0.3)
    losses = LeafLosses(TREE, OFFSET, {"": sums(leaf, label, predicted)})
    found = expect_losses(counted(leaf, predicted), losses)
    known = truth(label, predicted)
    for metric in METRICS:
        assert metric.compute(found.labelled) == pytest.approx(metric.compute(known)), metric.name
    assert found.n == 5_000
    assert len(found.folds) == FOLDS


def test_another_mixture_has_the_errors_of_its_leaves() -> None:
    """Of rows of the second leaf alone the mean squared error is 0.2² + 2², the bias -0.2."""
    leaf, label, predicted = draw(np.random.default_rng(2), 40_000, 0.3)
    losses = LeafLosses(TREE, OFFSET, {"": sums(leaf, label, predicted)})
    at, _, said = draw(np.random.default_rng(3), 1_000, 1.0)
    found = expect_losses(counted(at, said), losses).labelled
    assert PERFORMANCE["mse"].compute(found) == pytest.approx(4.04, rel=4 * math.sqrt(2 / 12_000))
    assert PERFORMANCE["bias"].compute(found) == pytest.approx(-0.2, abs=4 * 2 / math.sqrt(12_000))
    # predictions have the variance 9, labels 9 + 4
    assert PERFORMANCE["r2"].compute(found) == pytest.approx(1 - 4.04 / 13, abs=0.05)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_intervals_hold_the_realised_value(share: float) -> None:
    """At 95 per cent in at least so many of 200 draws, by three standard errors (4.6 points)."""
    rng, draws, held = np.random.default_rng(4), 200, Counter[str]()
    for _ in range(draws):
        losses = LeafLosses(TREE, OFFSET, {"": sums(*draw(rng, 3_000, 0.3))})
        leaf, label, predicted = draw(rng, 1_000, share)
        expectation, known = (
            expect_losses(counted(leaf, predicted), losses),
            truth(label, predicted),
        )
        for metric in METRICS:
            _, ((low, high),) = estimate(metric, expectation, [0.95])
            held[metric.name] += low <= metric.compute(known) <= high
    for metric in METRICS:
        assert held[metric.name] / draws >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / draws), metric.name


def test_a_leaf_that_a_segment_never_had_counts_as_its_mean() -> None:
    leaf, label, predicted = draw(np.random.default_rng(5), 2_000, 0.0)
    losses = LeafLosses(
        TREE, OFFSET, {"": np.zeros((10, 2, 11)), "a=b": sums(leaf, label, predicted)}
    )
    counts = counted(np.ones(50, dtype=int), predicted[:50])
    found = expect_losses(counts, losses, "a=b").labelled
    assert PERFORMANCE["mae"].compute(found) == pytest.approx(np.abs(label - predicted).mean())


def test_nothing_to_estimate_by_is_an_error() -> None:
    leaf, label, predicted = draw(np.random.default_rng(6), 100, 0.5)
    counts = counted(leaf, predicted)
    empty = LeafLosses(TREE, OFFSET, {"": np.zeros((FOLDS, 2, 11))})
    with pytest.raises(NoLabelError, match="predicted number in the reference"):
        expect_losses(counts, empty)
    with pytest.raises(NoLabelError):
        expect_losses(counts, empty, "kind=a")
    full = LeafLosses(TREE, OFFSET, {"": sums(leaf, label, predicted)})
    with pytest.raises(NotApplicableError, match="no row has a predicted number"):
        expect_losses(LeafCounts(np.zeros(2, dtype=np.int64), 0.0, 0.0), full)
