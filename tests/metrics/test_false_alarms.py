"""With no drift, every drift metric exceeds its noise floor at most as often as alpha says.

Bins are fitted on the reference, as in use. Each rate is measured on independent pairs of periods
of one distribution; a rate is accepted up to three of its standard errors above alpha.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram
from tests.metrics.samples import binned, fitted_edges

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.base import DriftMetric

Sampler = Callable[[np.random.Generator, int], NDArray[Any]]


def zero_inflated(rng: np.random.Generator, n: int) -> NDArray[Any]:
    return np.where(rng.random(n) < 0.7, 0.0, rng.lognormal(0, 1, n))


def shares(k: int, power: float) -> NDArray[np.float64]:
    weights = np.arange(1, k + 1) ** -power
    return np.asarray(weights / weights.sum())


NUMBERS: dict[str, Sampler] = {
    "normal": lambda rng, n: rng.normal(size=n),
    "lognormal": lambda rng, n: rng.lognormal(0, 1.5, n),
    "zero-inflated": zero_inflated,
    "few integers": lambda rng, n: rng.poisson(2.0, n).astype(float),
}
LEVELS = {
    "2 even": shares(2, 0),
    "2, one rare": np.array([0.99, 0.01]),
    "20 even": shares(20, 0),
    "100 skewed": shares(100, 1.2),
}
OF_NUMBERS = [metric.name for metric in DRIFT.values() if Histogram in metric.kinds]
SIZES = [(1_000, 50), (10_000, 300), (300, 10_000)]


def number_pair(
    sample: Sampler, rng: np.random.Generator, sizes: tuple[int, int]
) -> tuple[Histogram, Histogram]:
    reference = sample(rng, sizes[0])
    edges, coarse = fitted_edges(reference)
    return binned(reference, edges, coarse), binned(sample(rng, sizes[1]), edges, coarse)


def level_pair(
    p: NDArray[np.float64], rng: np.random.Generator, sizes: tuple[int, int]
) -> tuple[Categories, Categories]:
    a, b = (rng.multinomial(n, p) for n in sizes)
    seen = a > 0  # a level that the reference did not have is `other`
    names = tuple(str(i) for i in np.flatnonzero(seen))
    return (
        Categories(names, tuple(a[seen].tolist())),
        Categories(names, tuple(b[seen].tolist()), int(b[~seen].sum())),
    )


def alarms(
    pairs: list[tuple[Any, Any]], metrics: list[DriftMetric], alphas: tuple[float, ...]
) -> dict[tuple[str, float], float]:
    """Share of `pairs` beyond the floor, by metric and alpha; metrics share a pair's draws."""
    hits: Counter[tuple[str, float]] = Counter()
    for a, b in pairs:
        for metric in metrics:
            value = metric.compute(a, b)
            for alpha in alphas:
                hits[metric.name, alpha] += int(value > metric.noise_floor(a, b, alpha))
    return {which: n / len(pairs) for which, n in hits.items()}


def at_most(alpha: float, draws: int) -> float:
    return alpha + 3 * math.sqrt(alpha * (1 - alpha) / draws)


def assert_at_most_nominal(
    pairs: list[tuple[Any, Any]], kind: type, alphas: tuple[float, ...]
) -> None:
    rates = alarms(pairs, [metric for metric in DRIFT.values() if kind in metric.kinds], alphas)
    assert rates
    for (name, alpha), rate in rates.items():
        assert rate <= at_most(alpha, len(pairs)), (name, alpha)


@pytest.mark.slow
@pytest.mark.parametrize("sizes", SIZES, ids=lambda s: f"{s[0]} against {s[1]}")
@pytest.mark.parametrize("name", NUMBERS)
def test_false_alarms_of_numeric_columns(name: str, sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    pairs = [number_pair(NUMBERS[name], rng, sizes) for _ in range(250)]
    assert_at_most_nominal(pairs, Histogram, (0.05, 0.005))


@pytest.mark.slow
@pytest.mark.parametrize("sizes", SIZES, ids=lambda s: f"{s[0]} against {s[1]}")
@pytest.mark.parametrize("name", LEVELS)
def test_false_alarms_of_categories(name: str, sizes: tuple[int, int]) -> None:
    # many levels are permuted, which takes its time; 60 draws tell nothing of one in 200
    draws, alphas = (60, (0.05,)) if "100" in name else (250, (0.05, 0.005))
    rng = np.random.default_rng(6)
    pairs = [level_pair(LEVELS[name], rng, sizes) for _ in range(draws)]
    assert_at_most_nominal(pairs, Categories, alphas)


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_no_drift_is_rarely_called_drift(name: str) -> None:
    rng, draws = np.random.default_rng(7), 200
    pairs = [number_pair(NUMBERS["lognormal"], rng, (10_000, 100)) for _ in range(draws)]
    assert alarms(pairs, [DRIFT[name]], (0.05,))[name, 0.05] <= at_most(0.05, draws)


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_a_large_shift_is_always_seen(name: str) -> None:
    rng = np.random.default_rng(8)
    reference = rng.normal(size=10_000)
    edges, coarse = fitted_edges(reference)
    shifted = binned(rng.normal(1.0, 1.0, 300), edges, coarse)
    metric, a = DRIFT[name], binned(reference, edges, coarse)
    value = metric.compute(a, shifted)
    assert value > metric.noise_floor(a, shifted, 0.0001)
    assert value > metric.tolerance
