r"""Average precision: the area under the precision-recall curve, as a sum of steps.

With :math:`P_k` and :math:`R_k` the precision and recall when rows at or above the :math:`k`-th
highest distinct score are called positive,

.. math::

    \mathrm{AP} = \sum_k (R_k - R_{k-1}) P_k

It is in [0, 1] and higher is better; an order without information gives about the share of
positives, so it moves with that share and two periods are only comparable at a similar one. Tied
scores are one step. The interval is the logit interval of Boyd, Eng and Page [1]_, which takes the
number of positives as the sample size.

No labelled row and rows of one class only are errors. A row without a score is not counted.

References
----------
.. [1] K. Boyd, K. H. Eng and C. D. Page, "Area under the precision-recall curve: point estimates
   and confidence intervals", ECML PKDD 2013, LNCS 8190, 451-466. doi:10.1007/978-3-642-40994-3_29
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import two_class_scores
from monitoring_pipelines.stats.intervals import logit_interval, wilson

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def average_precision(labelled: LabelledSummary) -> float:
    """Average precision of a binary model's scores.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> table = ScoreTable(np.array([0.2, 0.5, 0.8]), np.array([2, 1, 0]), np.array([0, 1, 2]))
    >>> average_precision(LabelledSummary(6, 6, scores=table))  # 2/3 * 1 + 1/3 * 3/4
    0.9167
    """
    table = two_class_scores(labelled)
    positives = table.positives[::-1]
    right, rows = np.cumsum(positives), np.cumsum(positives + table.negatives[::-1])
    precision = np.divide(right, rows, out=np.zeros(len(rows)), where=rows > 0)
    return float(precision @ positives) / float(right[-1])


def average_precision_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Logit interval with the positives as sample size; at exactly 1, Wilson's."""
    value = average_precision(labelled)
    positives = two_class_scores(labelled).n_positives
    if value >= 1:
        return wilson(positives, positives, confidence)
    return logit_interval(value, math.sqrt(value * (1 - value) / positives), confidence)


METRIC = PerformanceMetric(
    name="average_precision",
    tasks=frozenset({Task.BINARY}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=average_precision,
    interval=average_precision_interval,
    least_of_class=5,
)
PERFORMANCE.add(METRIC.name, METRIC)
