r"""Mean absolute percentage error of a regression model, as a fraction.

With :math:`e_i` the prediction less the label :math:`y_i`,

.. math::

    \frac1n \sum_i \frac{|e_i|}{\max(|y_i|, 2^{-52})}

It is dimensionless, at least 0, and higher is worse: 0.1 is ten per cent. Labels near zero make it
useless, and it prefers predictions that are too low [1]_. The interval is Student's for the mean of
the rows, on the log scale.

No labelled row is an error. One row has a value and no interval. A row without a predicted number
is not counted; ties need no rule.

References
----------
.. [1] R. J. Hyndman and A. B. Koehler, "Another look at measures of forecast accuracy", Int. J.
   Forecast. 22(4), 679-688, 2006. doi:10.1016/j.ijforecast.2006.03.001
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import residuals
from monitoring_pipelines.stats.intervals import positive_mean_interval

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def mape(labelled: LabelledSummary) -> float:
    """Mean absolute percentage error.

    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.residuals import Residuals
    >>> sums = Residuals(2, 2.0, 4.0, 10.0, 82.0, 30.0, 500.0, 0.35, 0.0925, 2, 0.0605, 0.0034)
    >>> # labels 10 and 20, predictions 13 and 19
    >>> mape(LabelledSummary(2, 2, residuals=sums))  # (3/10 + 1/20) / 2
    0.175
    """
    sums = residuals(labelled)
    return sums.relative / sums.n


def mape_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Student's interval of the mean on the log scale."""
    sums = residuals(labelled)
    mean = sums.relative / sums.n
    return positive_mean_interval(
        mean, sums.relative_squared / sums.n - mean**2, sums.n, confidence
    )


METRIC = PerformanceMetric(
    name="mape",
    tasks=frozenset({Task.REGRESSION}),
    bounds=(0.0, math.inf),
    direction=Direction.HIGHER_IS_WORSE,
    tolerance=0.1,
    relative=True,
    compute=mape,
    interval=mape_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
