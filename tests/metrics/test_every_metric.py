"""Laws that every registered metric obeys. A new metric is tested here without an edit."""

from __future__ import annotations

import inspect
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import DataError, EmptySampleError, NotApplicableError
from monitoring_pipelines.metrics import DRIFT, FAIRNESS, PERFORMANCE, QUALITY, SANITY
from monitoring_pipelines.metrics.base import (
    Direction,
    DriftMetric,
    Part,
    PerformanceMetric,
)
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.vectors import Vectors
from tests.metrics import samples

if TYPE_CHECKING:
    from collections.abc import Callable

EVIDENCE = {"chi_squared"}  # measures evidence, not size: its floor does not shrink with rows


def draw(kind: type[Any], rng: np.random.Generator) -> Any:
    if kind is Vectors:
        return samples.vectors(rng.normal(size=3) + rng.normal(size=(90, 3)), rng)
    counts = tuple(int(c) + 1 for c in rng.integers(0, 99, 6))
    if kind is Histogram:
        return Histogram((0.0, 1.0, 2.5, 4.0, 9.0), counts, coarse=(1, 3))
    return Categories(tuple("abcdef"), counts, other=int(rng.integers(0, 9)))


def pairs(kind: type[Any], n: int = 50) -> list[tuple[Any, Any]]:
    rng = np.random.default_rng(0)
    return [(draw(kind, rng), draw(kind, rng)) for _ in range(n)]


DRIFT_KINDS = [(name, kind) for name in DRIFT for kind in DRIFT[name].kinds]
# what chance gives in vectors is in the tests of their metrics
COUNTED = [pair for pair in DRIFT_KINDS if pair[1] is not Vectors]
SIZES = [(name, kind) for name, kind in DRIFT_KINDS if name not in EVIDENCE]


def named(pair: tuple[str, type[Any]]) -> str:
    return f"{pair[0]}-{pair[1].__name__}"


@pytest.fixture(params=DRIFT_KINDS, ids=named)
def drift(request: pytest.FixtureRequest) -> tuple[DriftMetric, type[Any]]:
    name, kind = request.param
    return DRIFT[name], kind


def test_drift_stays_in_its_bounds(drift: tuple[DriftMetric, type[Any]]) -> None:
    metric, kind = drift
    low, high = metric.bounds
    assert all(low <= metric.compute(a, b) <= high for a, b in pairs(kind))


def test_drift_is_symmetric_as_declared(drift: tuple[DriftMetric, type[Any]]) -> None:
    metric, kind = drift
    same = [metric.compute(a, b) == pytest.approx(metric.compute(b, a)) for a, b in pairs(kind)]
    assert all(same) is metric.symmetric


def test_no_drift_is_zero(drift: tuple[DriftMetric, type[Any]]) -> None:
    metric, kind = drift
    assert all(metric.compute(a, a) == pytest.approx(0, abs=1e-7) for a, _ in pairs(kind))
    if kind is not Vectors:  # a sample that has each id twice is another one
        assert all(metric.compute(a, a + a) == pytest.approx(0, abs=1e-7) for a, _ in pairs(kind))


def test_the_order_of_chunks_does_not_matter(drift: tuple[DriftMetric, type[Any]]) -> None:
    metric, kind = drift
    (a, b), (c, d), *_ = pairs(kind)
    values = metric.compute(a, (b + c) + d), metric.compute(a, d + (c + b))
    # counts add up exactly, sums of numbers to their last bits
    assert values[0] == pytest.approx(values[1], rel=1e-9 if kind is Vectors else 0, abs=0)


@pytest.mark.parametrize("drift", SIZES, ids=named, indirect=True)
def test_the_noise_floor_shrinks_with_rows(drift: tuple[DriftMetric, type[Any]]) -> None:
    metric, kind = drift
    for a, b in pairs(kind, 5):
        small, large = a, b
        for _ in range(4):
            larger = (small + small, large + large)
            floors = metric.noise_floor(small, large, 0.05), metric.noise_floor(*larger, 0.05)
            assert floors[1] < floors[0]
            small, large = larger


def test_the_noise_floor_grows_with_certainty(drift: tuple[DriftMetric, type[Any]]) -> None:
    metric, kind = drift
    for a, b in pairs(kind, 5):
        floors = [metric.noise_floor(a, b, alpha) for alpha in (0.2, 0.05, 0.01, 0.001, 0.0001)]
        assert floors == sorted(floors)
        assert floors[0] > 0


def test_what_chance_gives_on_average_is_below_what_it_rarely_exceeds(
    drift: tuple[DriftMetric, type[Any]],
) -> None:
    metric, kind = drift
    for a, b in pairs(kind, 5):
        assert 0 <= metric.expected(a, b) < metric.noise_floor(a, b, 0.05)
        assert metric.excess(metric.expected(a, b), metric.expected(a, b)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize("drift", COUNTED, ids=named, indirect=True)
def test_what_chance_gives_on_average(drift: tuple[DriftMetric, type[Any]], dense: bool) -> None:
    """Against windows of the reference's own shares; the reference is large, so it is no chance."""
    metric, kind = drift
    rng, n = np.random.default_rng(3), 3_000 if dense else 100
    p = np.array([0.3, 0.2, 0.15, 0.15, 0.1, 0.1])
    a = rng.multinomial(10**7, p).tolist()
    make = {
        Histogram: lambda counts: Histogram((0.0, 1.0, 2.5, 4.0, 9.0), tuple(counts)),
        Categories: lambda counts: Categories(tuple("abcdef"), tuple(counts)),
    }[kind]
    reference = make(a)
    windows = [make(rng.multinomial(n, p).tolist()) for _ in range(400)]
    values = np.array([metric.compute(reference, window) for window in windows])
    power = 1 if metric.additive else 2
    mean, error = (values**power).mean(), (values**power).std() / 20
    found = np.array([metric.expected(reference, window) for window in windows[:50]]) ** power
    if metric.name == "cramers_v":  # corrected already, so on average there is nothing left to take
        assert found.max() == 0
        return
    # Kolmogorov's is for values without ties, Wasserstein's the mean, below the root mean square
    low, high = {"kolmogorov_smirnov": (0.9, 2.0), "wasserstein": (0.6, 1.02)}.get(
        metric.name, (0.93, 1.07)
    )
    assert low * (mean - 3 * error) < found.mean() < high * (mean + 3 * error)


def test_the_noise_floor_is_the_same_every_time(drift: tuple[DriftMetric, type[Any]]) -> None:
    metric, kind = drift
    (a, b), *_ = pairs(kind)
    assert metric.noise_floor(a, b, 0.001) == metric.noise_floor(a, b, 0.001)


@pytest.mark.parametrize("empty", ["reference", "analysis"])
def test_an_empty_period_is_an_error(drift: tuple[DriftMetric, type[Any]], empty: str) -> None:
    metric, kind = drift
    (full, _), *_ = pairs(kind)
    none = {
        Histogram: lambda: Histogram(full.edges, (0,) * 6, full.coarse),
        Categories: lambda: Categories(full.levels, (0,) * 6),
        Vectors: lambda: samples.vectors(np.zeros((0, 3))),
    }[kind]()
    a, b = (none, full) if empty == "reference" else (full, none)
    with pytest.raises(EmptySampleError, match=empty):
        metric.compute(a, b)
    with pytest.raises(EmptySampleError, match=empty):
        metric.noise_floor(a, b, 0.05)


def test_one_row_is_explained_by_chance(drift: tuple[DriftMetric, type[Any]]) -> None:
    metric, kind = drift
    if kind is Histogram:
        full = Histogram((0.0, 1.0, 2.5, 4.0, 9.0), (50, 50, 50, 50, 50, 50), (1, 3))
        one = Histogram(full.edges, (0, 0, 1, 0, 0, 0), full.coarse)
    elif kind is Vectors:
        full = draw(kind, np.random.default_rng(8))
        one = samples.vectors(np.full((1, 3), 9.0))
        if metric.name != "projected_kolmogorov_smirnov":
            with pytest.raises(NotApplicableError, match="too few"):
                metric.compute(full, one)
            return
    else:
        full = Categories(tuple("abcdef"), (50,) * 6)
        one = Categories(tuple("abcdef"), (0, 0, 1, 0, 0, 0))
    assert metric.compute(full, one) <= metric.noise_floor(full, one, 0.05)


SUMMARY_OF: dict[Task, Callable[[np.random.Generator, int], LabelledSummary]] = {
    Task.BINARY: lambda rng, n: samples.binary(*samples.binary_rows(rng, n, digits=2)),
    Task.MULTICLASS: lambda rng, n: samples.multiclass(*samples.multiclass_rows(rng, n, 6)),
    Task.REGRESSION: lambda rng, n: samples.regression(*samples.regression_rows(rng, n)),
    Task.LLM: lambda rng, n: samples.rated(rng.uniform(0, 1, n)),
    Task.AGENT: lambda rng, n: samples.rated(rng.integers(0, 2, n).astype(np.float64)),
}


@pytest.fixture(
    params=[(name, task) for name in PERFORMANCE for task in sorted(PERFORMANCE[name].tasks)],
    ids=lambda p: f"{p[0]}-{p[1]}",
)
def performance(request: pytest.FixtureRequest) -> tuple[PerformanceMetric, Task]:
    name, task = request.param
    return PERFORMANCE[name], task


def test_performance_and_its_interval_stay_in_bounds(
    performance: tuple[PerformanceMetric, Task],
) -> None:
    metric, task = performance
    rng = np.random.default_rng(1)
    for n in (25, 200, 1_000):
        labelled = SUMMARY_OF[task](rng, n)
        value = metric.compute(labelled)
        low, high = metric.interval(labelled, 0.95)
        assert metric.bounds[0] <= low <= value <= high <= metric.bounds[1]


def test_the_interval_narrows_with_rows(performance: tuple[PerformanceMetric, Task]) -> None:
    metric, task = performance
    labelled = SUMMARY_OF[task](np.random.default_rng(2), 200)
    low, high = metric.interval(labelled, 0.95)
    four = labelled + labelled + labelled + labelled
    narrower = metric.interval(four, 0.95)
    assert narrower[1] - narrower[0] < 0.75 * (high - low)  # about half


def test_the_interval_widens_with_confidence(
    performance: tuple[PerformanceMetric, Task],
) -> None:
    metric, task = performance
    labelled = SUMMARY_OF[task](np.random.default_rng(3), 300)
    bounds = [metric.interval(labelled, c) for c in (0.5, 0.9, 0.99, 0.9999)]
    assert [low for low, _ in bounds] == sorted((low for low, _ in bounds), reverse=True)
    assert [high for _, high in bounds] == sorted(high for _, high in bounds)


def test_performance_adds_up(performance: tuple[PerformanceMetric, Task]) -> None:
    metric, task = performance
    rng = np.random.default_rng(4)
    a, b, c = (SUMMARY_OF[task](rng, 60) for _ in range(3))
    assert metric.compute(a + b + c) == pytest.approx(metric.compute(c + (b + a)), rel=1e-12)


def test_no_label_is_an_error(performance: tuple[PerformanceMetric, Task]) -> None:
    metric, _ = performance
    with pytest.raises(EmptySampleError, match="no labelled row"):
        metric.compute(LabelledSummary(10, 0))
    with pytest.raises(EmptySampleError, match="no labelled row"):
        metric.interval(LabelledSummary(10, 0), 0.95)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_rows_give_a_number_or_a_data_error(
    performance: tuple[PerformanceMetric, Task], n: int
) -> None:
    metric, task = performance
    rng = np.random.default_rng(5)
    for _ in range(30):
        labelled = SUMMARY_OF[task](rng, n)
        try:
            value = metric.compute(labelled)
            low, high = metric.interval(labelled, 0.95)
        except DataError:  # any other error, and any warning, fails the test
            continue
        assert low <= value <= high


@pytest.fixture(params=list(QUALITY))
def quality_columns(request: pytest.FixtureRequest) -> tuple[str, ColumnSummary]:
    name = request.param
    if name == "unseen_rate":
        levels = Categories(("a", "b"), (3, 2), other=1)
        return name, ColumnSummary("c", ColumnKind.CATEGORICAL, "text", 8, 2, categories=levels)
    if name == "outlier_rate":
        found = replace(samples.vectors(np.zeros((9, 3))), n_outlying=2)
        return name, ColumnSummary("c", ColumnKind.EMBEDDING, "vector", 9, 0, vectors=found)
    moments = Moments(6, 1.0, 2.0, 0.0, 3.0)
    return name, ColumnSummary("c", ColumnKind.NUMERIC, "float", 8, 1, 1, 2, moments=moments)


def test_quality_counts_add_up(quality_columns: tuple[str, ColumnSummary]) -> None:
    name, column = quality_columns
    bad, of = QUALITY[name].compute(column, column)
    assert 0 < bad <= of
    assert QUALITY[name].compute(column, column + column) == (2 * bad, 2 * of)


@pytest.mark.parametrize(
    "metric",
    [*DRIFT.values(), *QUALITY.values(), *PERFORMANCE.values(), *FAIRNESS.values()],
    ids=lambda metric: metric.name,
)
def test_is_documented_and_registered_under_its_file(metric: Any) -> None:
    ours = [name for name in sys.modules if name.startswith("monitoring_pipelines.metrics.")]
    (module,) = (m for m in map(sys.modules.get, ours) if vars(m).get("METRIC") is metric)
    assert module.__name__.rsplit(".", 1)[1] == metric.name
    text = module.__doc__ or ""
    assert ".. math::" in text
    assert "References\n----------\n.. [1]" in text
    emptiness = "0 of 0" if metric.name in QUALITY else "is an error"
    assert emptiness in text or "are errors" in text, "say what no data does"
    assert ">>>" in (metric.compute.__doc__ or "")
    assert isinstance(metric.direction, Direction)
    assert metric.tolerance >= 0
    assert metric.bounds[0] < metric.bounds[1]


@pytest.mark.parametrize("name", list(SANITY))
def test_a_sanity_check_is_documented_and_registered_under_its_file(name: str) -> None:
    module = inspect.getmodule(SANITY[name].compute)
    assert module is not None
    assert module.__name__.endswith(f".sanity.{name}")
    text = module.__doc__ or ""
    assert "References\n----------\n.. [1]" in text
    assert ">>>" in (SANITY[name].compute.__doc__ or "")


@pytest.mark.parametrize("name", list(FAIRNESS))
def test_a_fairness_metric_stays_in_its_bounds_and_interval(name: str) -> None:
    metric, rng = FAIRNESS[name], np.random.default_rng(9)
    for _ in range(200):
        n, m = (int(x) for x in rng.integers(1, 60, 2))
        group, rest = Part(int(rng.integers(0, n + 1)), n), Part(int(rng.integers(1, m + 1)), m)
        value = metric.compute(group, rest)
        low, high = metric.interval(group, rest, 0.95)
        assert metric.bounds[0] <= low <= value <= high <= metric.bounds[1]
        wider = metric.interval(group, rest, 0.999)
        assert wider[0] <= low <= high <= wider[1]


@pytest.mark.parametrize("name", list(FAIRNESS))
def test_equal_rates_are_fair(name: str) -> None:
    fair = FAIRNESS[name].compute(Part(3, 10), Part(30, 100))
    assert fair == pytest.approx(1.0 if name.endswith("ratio") else 0.0)
