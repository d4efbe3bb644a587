"""The performance intervals hold the truth about as often as they say.

The truth is the metric of one very large sample. Each rate has a standard error of about one per
cent; an interval may be conservative, and may fall short of 95 per cent by the margin that its
case states: 3 standard errors, and 2 points more where the method is known to be approximate.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics import PERFORMANCE
from tests.metrics import samples


def normal_errors(rng: np.random.Generator, n: int) -> tuple[samples.Floats, samples.Floats]:
    label = rng.normal(10.0, 2.0, n)
    return label, label + rng.normal(0.1, 1.0, n)


def scores(rng: np.random.Generator, n: int) -> tuple[samples.Floats]:
    return (rng.beta(4.0, 2.0, n),)


def of_many_classes(rng: np.random.Generator, n: int) -> tuple[samples.Ints, samples.Floats]:
    return samples.multiclass_rows(rng, n, k=8)


DRAWS = 400
MARGIN = 3 * math.sqrt(0.95 * 0.05 / DRAWS) + 0.02
ROWS = {
    Task.BINARY: (samples.binary_rows, samples.binary),
    Task.MULTICLASS: (samples.multiclass_rows, samples.multiclass),
    Task.REGRESSION: (normal_errors, samples.regression),
    Task.LLM: (scores, samples.rated),
    Task.AGENT: (scores, samples.rated),
}


@pytest.mark.slow
@pytest.mark.parametrize("n", [100, 1_000])
@pytest.mark.parametrize(
    ("name", "task"), [(m.name, t) for m in PERFORMANCE.values() for t in sorted(m.tasks)]
)
def test_covers_the_truth(name: str, task: Task, n: int) -> None:
    metric, (rows, summary) = PERFORMANCE[name], ROWS[task]
    if name.startswith("top_"):  # of three classes any is among three
        rows = of_many_classes
    truth = metric.compute(summary(*rows(np.random.default_rng(1), 300_000)))
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(DRAWS):
        low, high = metric.interval(summary(*rows(rng, n)), 0.95)
        covered += low <= truth <= high
    assert covered / DRAWS >= 0.95 - MARGIN


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mae", "mse", "rmse", "rmsle", "mape"])
def test_heavy_tails_cost_coverage(name: str) -> None:
    """Errors in proportion to log-normal labels: the squares have a tail that few rows show."""
    metric = PERFORMANCE[name]
    rows = samples.regression_rows
    truth = metric.compute(samples.regression(*rows(np.random.default_rng(1), 1_000_000)))
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(DRAWS):
        low, high = metric.interval(samples.regression(*rows(rng, 1_000)), 0.95)
        covered += low <= truth <= high
    assert covered / DRAWS >= 0.95 - MARGIN
