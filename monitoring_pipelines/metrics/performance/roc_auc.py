r"""Area under the receiver operating characteristic curve.

With :math:`s_i` the scores of the :math:`n_1` positive and :math:`t_j` those of the :math:`n_0`
negative rows,

.. math::

    A = \frac{1}{n_1 n_0} \sum_{i,j} \left(1[s_i > t_j] + \tfrac12 1[s_i = t_j]\right)

It is the probability that a positive row scores above a negative one: 1 is a perfect order, 0.5
none, 0 the reverse. Higher is better. It sees only the order of the scores, not their calibration,
nor the share of the classes. Ties count half. The interval is DeLong's [1]_ on the logit scale.

No labelled row and rows of one class only are errors. A row without a score is not counted.

References
----------
.. [1] E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more
   correlated receiver operating characteristic curves", Biometrics 44(3), 837-845, 1988.
   doi:10.2307/2531595
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import (
    PERFORMANCE,
    Direction,
    Interval,
    PerformanceMetric,
)
from monitoring_pipelines.metrics.labelled_parts import two_class_scores
from monitoring_pipelines.stats.delong import auc_interval, delong

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def roc_auc(labelled: LabelledSummary) -> float:
    """Area under the curve of a binary model's scores.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> table = ScoreTable(np.array([0.2, 0.5, 0.8]), np.array([2, 1, 0]), np.array([0, 1, 2]))
    >>> roc_auc(LabelledSummary(6, 6, scores=table))  # 8.5 of 9 pairs
    0.9444
    """
    table = two_class_scores(labelled)
    return delong(table.negatives, table.positives)[0]


def roc_auc_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """DeLong's interval on the logit scale."""
    table = two_class_scores(labelled)
    return auc_interval(table.negatives, table.positives, confidence)


METRIC = PerformanceMetric(
    name="roc_auc",
    tasks=frozenset({Task.BINARY}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=roc_auc,
    interval=roc_auc_interval,
    least_of_class=5,
)
PERFORMANCE.add(METRIC.name, METRIC)
