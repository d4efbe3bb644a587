r"""Balanced accuracy: unweighted mean of the recalls of the classes.

With :math:`r_c` the share of the rows of class :math:`c` that were decided so, over the :math:`C`
classes that have a labelled row,

.. math::

    \frac1C \sum_c r_c

It is in [0, 1] and higher is better; guessing gives 1 / C, however rare a class is. It serves two
and more classes. Given the class sizes the recalls are independent, so the arms of their exact
intervals add up as squares [2]_.

No labelled row and rows of one class only are errors. A row without a decided class is not counted;
there are no ties.

References
----------
.. [1] K. H. Brodersen, C. S. Ong, K. E. Stephan and J. M. Buhmann, "The balanced accuracy and its
   posterior distribution", ICPR 2010, 3121-3124. doi:10.1109/ICPR.2010.764
.. [2] G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a
   general approach", Stat. Med. 27(10), 1693-1702, 2008. doi:10.1002/sim.3095
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import confusion
from monitoring_pipelines.stats.intervals import clopper_pearson

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def balanced_accuracy(labelled: LabelledSummary) -> float:
    """Mean recall over the classes that occur.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.confusion import Confusion
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> table = Confusion(("no", "yes"), np.array([[50, 10], [20, 20]]))
    >>> balanced_accuracy(LabelledSummary(100, 100, confusion=table))  # (5/6 + 1/2) / 2
    0.6667
    """
    recalls = [right / n for right, n in _recalls(labelled)]
    return sum(recalls) / len(recalls)


def balanced_accuracy_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Exact intervals of the recalls, their arms added as squares."""
    recalls = [
        (right / n, clopper_pearson(right, n, confidence)) for right, n in _recalls(labelled)
    ]
    value = sum(share for share, _ in recalls) / len(recalls)
    below = math.hypot(*(share - low for share, (low, _) in recalls)) / len(recalls)
    above = math.hypot(*(high - share for share, (_, high) in recalls)) / len(recalls)
    return value - below, value + above


def _recalls(labelled: LabelledSummary) -> list[tuple[float, float]]:
    """``(right rows, rows)`` of each class that occurs."""
    table = confusion(labelled)
    rows = table.counts.sum(axis=1)
    places = np.flatnonzero(rows)
    if len(places) < 2:  # noqa: PLR2004 - balance is between two
        raise OneClassError(table.n, table.classes[places[0]])
    return [(float(table.counts[place, place]), float(rows[place])) for place in places]


METRIC = PerformanceMetric(
    name="balanced_accuracy",
    tasks=frozenset({Task.BINARY, Task.MULTICLASS}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=balanced_accuracy,
    interval=balanced_accuracy_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
