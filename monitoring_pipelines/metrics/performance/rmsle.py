r"""Root mean squared logarithmic error of a regression model.

With :math:`\hat y_i` the prediction and :math:`y_i` the label,

.. math::

    \sqrt{\frac1n \sum_i \left(\ln(1 + \hat y_i) - \ln(1 + y_i)\right)^2}

It is dimensionless, at least 0, and higher is worse: for large values about the relative error, so
small labels weigh as much as large ones. The interval is the root of Student's for the mean of the
rows, on the log scale.

No labelled row is an error, and so is a prediction or label at or below -1, where the logarithm
ends: leaving such rows out would hide the worst ones. One row has a value and no interval. A row
without a predicted number is not counted; ties need no rule.

References
----------
.. [1] C. Tofallis, "A better measure of relative prediction accuracy for model selection and model
   estimation", J. Oper. Res. Soc. 66(8), 1352-1362, 2015. doi:10.1057/jors.2014.103
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import residuals
from monitoring_pipelines.stats.intervals import positive_mean_interval

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.residuals import Residuals


def rmsle(labelled: LabelledSummary) -> float:
    """Root mean squared logarithmic error.

    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.residuals import Residuals
    >>> sums = Residuals(2, 2.0, 4.0, 10.0, 82.0, 30.0, 500.0, 0.35, 0.0925, 2, 0.0605, 0.0034)
    >>> # labels 10 and 20, predictions 13 and 19
    >>> rmsle(LabelledSummary(2, 2, residuals=sums))  # sqrt(0.0605 / 2)
    0.1739
    """
    sums = _logarithmic(labelled)
    return math.sqrt(sums.log_squared / sums.n)


def rmsle_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Root of the mean's interval."""
    sums = _logarithmic(labelled)
    mean = sums.log_squared / sums.n
    low, high = positive_mean_interval(
        mean, sums.log_quartic / sums.n - mean**2, sums.n, confidence
    )
    return math.sqrt(low), math.sqrt(high)


def _logarithmic(labelled: LabelledSummary) -> Residuals:
    sums = residuals(labelled)
    if sums.n_log < sums.n:
        raise NotApplicableError(
            f"{sums.n - sums.n_log:,} of {sums.n:,} rows have a value at or below -1"
        )
    return sums


METRIC = PerformanceMetric(
    name="rmsle",
    tasks=frozenset({Task.REGRESSION}),
    bounds=(0.0, math.inf),
    direction=Direction.HIGHER_IS_WORSE,
    tolerance=0.1,
    relative=True,
    compute=rmsle,
    interval=rmsle_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
