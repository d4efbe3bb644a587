r"""Accuracy: share of the labelled rows whose decided class is the true one.

.. math::

    \frac{\text{right rows}}{\text{labelled rows}}

It is in [0, 1] and higher is better. With rare classes a model that always says the frequent one is
accurate, so watch another metric too. It serves two and more classes. The interval is exact
[1]_.

No labelled row is an error; one class alone is fine, and one row gives 0 or 1 and a wide interval.
A row without a decided class is not counted; there are no ties.

References
----------
.. [1] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
   case of the binomial", Biometrika 26(4), 404-413, 1934. doi:10.1093/biomet/26.4.404
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import confusion
from monitoring_pipelines.stats.intervals import clopper_pearson

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def accuracy(labelled: LabelledSummary) -> float:
    """Share of right rows.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.confusion import Confusion
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> table = Confusion(("no", "yes"), np.array([[50, 10], [20, 20]]))
    >>> accuracy(LabelledSummary(100, 100, confusion=table))
    0.7
    """
    table = confusion(labelled)
    return float(np.trace(table.counts)) / table.n


def accuracy_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """The exact interval of a share."""
    table = confusion(labelled)
    return clopper_pearson(float(np.trace(table.counts)), table.n, confidence)


METRIC = PerformanceMetric(
    name="accuracy",
    tasks=frozenset({Task.BINARY, Task.MULTICLASS}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=accuracy,
    interval=accuracy_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
