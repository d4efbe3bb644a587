r"""A metric's value on expected labels, with an interval that the realised value should lie in.

The interval has two parts, whose squares add up [1]_: the metric's own interval, as if the expected
labels had been seen, which holds the chance of the labels and of the rows of one window; and
:math:`z` times the jackknife error of the calibrators, which holds the chance of the reference.
The first part counts the chance of the rows too, so given the rows the interval is a little
conservative, and it is right for comparing the window with another period.

References
----------
.. [1] G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a
   general approach", Stat. Med. 27(10), 1693-1702, 2008. doi:10.1002/sim.3095
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.estimation.calibration import jackknife_error
from monitoring_pipelines.stats.intervals import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.estimation.expected import Expectation
    from monitoring_pipelines.metrics.base import Interval, PerformanceMetric

# nothing can be said of a calibrator by its own word, nor of ranks by the scores of single classes
NOT_ESTIMATED = frozenset(
    {"calibration_error", "confidence_error", "label_issues", "top_3_accuracy", "top_5_accuracy"}
)


def estimate(
    metric: PerformanceMetric, expectation: Expectation, confidences: Sequence[float]
) -> tuple[float, list[Interval]]:
    """Value, and one interval per confidence.

    Raises
    ------
    DataError
        As the metric does on seen labels: of one class only, without a decided class, …
    """
    value = metric.compute(expectation.labelled)
    error = jackknife_error([metric.compute(fold) for fold in expectation.folds])
    low, high = metric.bounds
    intervals = []
    for confidence in confidences:
        below, above = metric.interval(expectation.labelled, confidence)
        half = normal_quantile(confidence) * error
        arms = math.hypot(value - below, half), math.hypot(above - value, half)
        intervals.append((max(low, value - arms[0]), min(high, value + arms[1])))
    return value, intervals
