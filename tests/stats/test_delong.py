"""DeLong's variance against the definition, pair by pair, and its measured coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.stats.delong import auc_interval, delong
from tests.metrics.samples import score_table


def by_definition(label: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    x, y = score[label == 1], score[label == 0]
    psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    variance = psi.mean(axis=1).var(ddof=1) / len(x) + psi.mean(axis=0).var(ddof=1) / len(y)
    return float(psi.mean()), math.sqrt(variance)


@pytest.mark.parametrize("digits", [1, 2, 12])
def test_agrees_with_the_definition(digits: int) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        score = np.round(rng.random(80), digits)
        label = (rng.random(80) < score).astype(np.int64)
        table = score_table(label, score)
        ours = delong(table.negatives, table.positives)
        assert ours == pytest.approx(by_definition(label, score), abs=1e-12)


def test_the_degrees_of_freedom_are_brunners_and_munzels() -> None:
    rng = np.random.default_rng(6)
    label = (np.arange(40) < 6).astype(np.int64)
    score = rng.normal(size=40) + label
    table = score_table(label, score)
    area, error = delong(table.negatives, table.positives)
    test = stats.brunnermunzel(score[label == 0], score[label == 1])
    statistic = (area - 0.5) / error
    assert statistic == pytest.approx(test.statistic)
    low, _ = auc_interval(table.negatives, table.positives, 1 - test.pvalue)
    reached = math.log(area / (1 - area)) - math.log(low / (1 - low))
    assert reached == pytest.approx(statistic * error / (area * (1 - area)))


@pytest.mark.parametrize("counts", [([3, 1], [0, 0]), ([0, 0], [3, 1]), ([0], [0])])
def test_one_class_has_no_curve(counts: tuple[list[int], list[int]]) -> None:
    with pytest.raises(OneClassError, match="of one class"):
        delong(np.array(counts[0]), np.array(counts[1]))


def test_a_single_positive_still_gives_a_wide_interval() -> None:
    low, high = auc_interval(np.array([50, 0, 49]), np.array([0, 1, 0]), 0.95)
    assert low < 0.1
    assert high > 0.9


@pytest.mark.parametrize("perfect", [True, False])
def test_a_perfect_order_is_not_certain(perfect: bool) -> None:
    first, second = np.array([20, 0]), np.array([0, 10])
    negatives, positives = (first, second) if perfect else (first[::-1], second[::-1])
    low, high = auc_interval(negatives, positives, 0.95)
    # Wilson for 10 of 10: z^2 / (10 + z^2) is missing
    missing = 1.96**2 / (10 + 1.96**2)
    expected = (1 - missing, 1.0) if perfect else (0.0, missing)
    assert (low, high) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("n", "shift"), [(40, 1.0), (200, 2.0), (1_000, 0.5)])
def test_covers_the_true_area(n: int, shift: float) -> None:
    rng, draws = np.random.default_rng(4), 400
    truth = 0.5 * math.erfc(-shift / 2)  # Phi(shift / sqrt 2) for two unit normals
    covered = 0
    for _ in range(draws):
        label = (np.arange(n) < n // 4).astype(np.int64)
        table = score_table(label, rng.normal(size=n) + shift * label)
        low, high = auc_interval(table.negatives, table.positives, 0.95)
        covered += low <= truth <= high
    assert covered / draws >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / draws)
