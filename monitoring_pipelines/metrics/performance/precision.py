r"""Precision: share of the rows called positive that are.

.. math::

    \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP}}

It is in [0, 1] and higher is better. It moves with the share of positives. The interval is exact
[1]_.

No labelled row is an error, and so is no row that was called positive: 0 / 0 is unknown, not 0. One
row gives 0 or 1 and a wide interval. A row without a decided class is not counted; there are no
ties.

References
----------
.. [1] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
   case of the binomial", Biometrika 26(4), 404-413, 1934. doi:10.1093/biomet/26.4.404
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import cells
from monitoring_pipelines.stats.intervals import clopper_pearson

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def precision(labelled: LabelledSummary) -> float:
    """Share of right rows among those called positive.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.confusion import Confusion
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> table = Confusion(("no", "yes"), np.array([[50, 10], [20, 20]]))
    >>> precision(LabelledSummary(100, 100, confusion=table))
    0.6667
    """
    part, whole = _counts(labelled)
    return part / whole


def precision_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """The exact interval of a share."""
    return clopper_pearson(*_counts(labelled), confidence)


def _counts(labelled: LabelledSummary) -> tuple[int, int]:
    found = cells(labelled)
    whole = found.true_positives + found.false_positives
    if not whole:
        raise NotApplicableError("no row was called positive")
    return found.true_positives, whole


METRIC = PerformanceMetric(
    name="precision",
    tasks=frozenset({Task.BINARY}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=precision,
    interval=precision_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
