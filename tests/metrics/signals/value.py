"""The value of a signal, for the tests of each family."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.metrics import SIGNALS
from monitoring_pipelines.summaries.activity import Activity
from tests.summaries.test_activity import amounts


def of_levels(name: str, column: str, **counts: int) -> float:
    """Of rows with these levels in a column."""
    return SIGNALS[name].compute(Activity(sum(counts.values()), {column: counts}))


def of_amounts(name: str, column: str, *values: float) -> float:
    """Of rows with these values in a column."""
    return SIGNALS[name].compute(
        Activity(len(values), amounts={column: amounts(np.array(values, dtype=float))})
    )
