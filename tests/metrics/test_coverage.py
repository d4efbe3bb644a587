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

DRAWS = 400
MARGIN = 3 * math.sqrt(0.95 * 0.05 / DRAWS) + 0.02
ROWS = {
    Task.BINARY: (samples.binary_rows, samples.binary),
    Task.MULTICLASS: (samples.multiclass_rows, samples.multiclass),
    Task.REGRESSION: (samples.regression_rows, samples.regression),
}


@pytest.mark.slow
@pytest.mark.parametrize("n", [100, 1_000])
@pytest.mark.parametrize(
    ("name", "task"), [(m.name, t) for m in PERFORMANCE.values() for t in sorted(m.tasks)]
)
def test_covers_the_truth(name: str, task: Task, n: int) -> None:
    if (name, n) in {("mse", 100), ("rmse", 100)}:
        pytest.skip("with tails this heavy it needs hundreds of rows, as its docstring says")
    metric, (rows, summary) = PERFORMANCE[name], ROWS[task]
    truth = metric.compute(summary(*rows(np.random.default_rng(1), 300_000)))
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(DRAWS):
        low, high = metric.interval(summary(*rows(rng, n)), 0.95)
        covered += low <= truth <= high
    assert covered / DRAWS >= 0.95 - MARGIN
