r"""F1: harmonic mean of precision and recall.

.. math::

    F_1 = \frac{2\,\mathrm{TP}}{2\,\mathrm{TP} + \mathrm{FP} + \mathrm{FN}}
        = \frac{2 J}{1 + J}, \qquad
    J = \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP} + \mathrm{FN}}

It is in [0, 1] and higher is better; true negatives do not count, and it moves with the share of
positives. Given the rows that are positive in label or in decision, the right ones among them are
binomial, so the interval is the exact one of :math:`J` [2]_, transformed.

No labelled row is an error, and so are rows that are negative in label and decision throughout:
0 / 0 is unknown, not 0. One row gives 0 or 1 and a wide interval. A row without a decided class is
not counted; there are no ties.

References
----------
.. [1] C. J. van Rijsbergen, "Information Retrieval", 2nd edition, Butterworths, 1979.
.. [2] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
   case of the binomial", Biometrika 26(4), 404-413, 1934. doi:10.1093/biomet/26.4.404
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import cells
from monitoring_pipelines.stats.intervals import clopper_pearson

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def f1(labelled: LabelledSummary) -> float:
    """F1 of the positive class.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.confusion import Confusion
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> table = Confusion(("no", "yes"), np.array([[50, 10], [20, 20]]))
    >>> f1(LabelledSummary(100, 100, confusion=table))  # 40 / 70
    0.5714
    """
    part, whole = _counts(labelled)
    return 2 * part / (part + whole)


def f1_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """The exact interval of J, transformed."""
    low, high = clopper_pearson(*_counts(labelled), confidence)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def _counts(labelled: LabelledSummary) -> tuple[int, int]:
    found = cells(labelled)
    whole = found.true_positives + found.false_positives + found.false_negatives
    if not whole:
        raise OneClassError(found.true_negatives)
    return found.true_positives, whole


METRIC = PerformanceMetric(
    name="f1",
    tasks=frozenset({Task.BINARY}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=f1,
    interval=f1_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
