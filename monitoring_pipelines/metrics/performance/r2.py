r"""Coefficient of determination: share of the labels' spread that the model explains.

With :math:`e_i` the prediction less the label :math:`y_i`,

.. math::

    R^2 = 1 - \frac{\sum_i e_i^2}{\sum_i (y_i - \bar y)^2}

It is at most 1 and higher is better; 0 is as good as always saying the mean, and there is no worst.
It moves with the spread of the labels even if the errors stay. The interval is on the log scale of
1 - R2: the arm of the mean squared error's interval and that of the labels' variance, which is
taken as that of normal labels, add up as squares. Labels with heavier tails make it too narrow.

No labelled row is an error, and so are labels without spread (one row, or all equal). A row without
a predicted number is not counted; ties need no rule.

References
----------
.. [1] N. J. D. Nagelkerke, "A note on a general definition of the coefficient of determination",
   Biometrika 78(3), 691-692, 1991. doi:10.1093/biomet/78.3.691
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import residuals
from monitoring_pipelines.stats.heavy_tails import mean_square_interval
from monitoring_pipelines.stats.intervals import normal_quantile

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.residuals import Residuals


def r2(labelled: LabelledSummary) -> float:
    """Share of the spread explained.

    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.residuals import Residuals
    >>> sums = Residuals(2, 2.0, 4.0, 10.0, 82.0, 30.0, 500.0, 0.35, 0.0925, 2, 0.0605, 0.0034)
    >>> # labels 10 and 20, predictions 13 and 19
    >>> r2(LabelledSummary(2, 2, residuals=sums))  # 1 - 10 / 50
    0.8
    """
    sums, spread = _spread(labelled)
    return 1 - sums.squared / spread


def r2_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """From the mean squared error's interval and the variance of normal labels."""
    sums, spread = _spread(labelled)
    mean, left = sums.squared / sums.n, sums.squared / spread
    low, high = mean_square_interval(
        sums.absolute / sums.n, mean, sums.quartic / sums.n, sums.n, confidence
    )
    if not left > 0:
        return 1.0, 1.0
    labels = normal_quantile(confidence) * math.sqrt(2 / (sums.n - 1))
    worse = math.exp(min(math.hypot(math.log(high / mean), labels), 700.0))
    better = math.exp(min(math.hypot(math.log(mean / low), labels), 700.0))
    return 1 - left * worse, 1 - left / better


def _spread(labelled: LabelledSummary) -> tuple[Residuals, float]:
    sums = residuals(labelled)
    spread = sums.label_squared - sums.label**2 / sums.n
    if not spread > 1e-12 * sums.label_squared:
        raise NotApplicableError(f"the labels of {sums.n:,} rows have no spread")
    return sums, spread


METRIC = PerformanceMetric(
    name="r2",
    tasks=frozenset({Task.REGRESSION}),
    bounds=(-math.inf, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=r2,
    interval=r2_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
