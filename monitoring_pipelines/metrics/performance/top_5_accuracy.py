r"""Top-5 accuracy: share of the labelled rows whose true class is among the five most probable.

With :math:`r_i` the number of classes that are more probable for row :math:`i` than its label,

.. math::

    \frac1n \sum_i [r_i < 5]

It is in [0, 1] and higher is better; chance gives 5 / C for :math:`C` classes. Of equally probable
classes the later in the order of names counts as more probable, as in scikit-learn. The interval is
Wilson's.

No labelled row is an error, and so are 5 classes or fewer, of which any is among the first 5. A row
without a probability of every class is not counted.

References
----------
.. [1] O. Russakovsky et al., "ImageNet large scale visual recognition challenge", Int. J. Comput.
   Vis. 115(3), 211-252, 2015. doi:10.1007/s11263-015-0816-y
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.ranks import top, top_interval

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary

K = 5


def top_5_accuracy(labelled: LabelledSummary) -> float:
    """Share of the rows whose label is among the 5 most probable classes.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.ranked import Ranked
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> sure = ScoreTable(np.array([0.5]), np.array([4]), np.array([6]))
    >>> ranks = np.array([5, 1, 1, 1, 1, 0, 1])
    >>> top_5_accuracy(LabelledSummary(10, 10, ranked=Ranked(ranks, sure, 0)))  # 9 of 10
    0.9
    """
    hits, n = top(labelled, K)
    return hits / n


def top_5_accuracy_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Wilson's interval."""
    return top_interval(labelled, K, confidence)


METRIC = PerformanceMetric(
    name="top_5_accuracy",
    tasks=frozenset({Task.MULTICLASS}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=top_5_accuracy,
    interval=top_5_accuracy_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
