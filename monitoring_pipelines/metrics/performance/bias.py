r"""Mean error of a regression model.

With :math:`e_i` the prediction less the label,

.. math::

    \frac1n \sum_i e_i

It is in the label's unit: positive if predictions are too high. Away from zero is worse. Its
tolerance is 0, because no number fits every unit and a share of the reference's bias, which is
about zero, means nothing: set one in the label's unit before it may page. The interval is
Student's.

No labelled row is an error. One row has a value and no interval. A row without a predicted number
is not counted; ties need no rule.

References
----------
.. [1] A. H. Murphy, "Skill scores based on the mean square error and their relationships to the
   correlation coefficient", Mon. Weather Rev. 116(12), 2417-2424, 1988.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import residuals
from monitoring_pipelines.stats.intervals import mean_interval

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def bias(labelled: LabelledSummary) -> float:
    """Mean error.

    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.residuals import Residuals
    >>> sums = Residuals(2, 2.0, 4.0, 10.0, 82.0, 30.0, 500.0, 0.35, 0.0925, 2, 0.0605, 0.0034)
    >>> # labels 10 and 20, predictions 13 and 19
    >>> bias(LabelledSummary(2, 2, residuals=sums))  # (3 - 1) / 2
    1.0
    """
    sums = residuals(labelled)
    return sums.error / sums.n


def bias_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Student's interval of the mean."""
    sums = residuals(labelled)
    mean = sums.error / sums.n
    return mean_interval(mean, sums.squared / sums.n - mean**2, sums.n, confidence)


METRIC = PerformanceMetric(
    name="bias",
    tasks=frozenset({Task.REGRESSION}),
    bounds=(-math.inf, math.inf),
    direction=Direction.AWAY_FROM_ZERO_IS_WORSE,
    tolerance=0.0,
    relative=False,
    compute=bias,
    interval=bias_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
