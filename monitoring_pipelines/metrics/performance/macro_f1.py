r"""Macro F1: unweighted mean of the F1 of the classes.

With :math:`n_{cc}` the right rows of class :math:`c`, :math:`n_{c\cdot}` its labelled and
:math:`n_{\cdot c}` its decided rows, over the :math:`C` classes that have either,

.. math::

    \frac1C \sum_c \frac{2\,n_{cc}}{n_{c\cdot} + n_{\cdot c}}

It is in [0, 1] and higher is better; each class counts the same, however rare. A class that occurs
and is never right adds 0. The interval is the delta method on the logit scale, from the table with
half a row added to each cell, widened to hold the value.

No labelled row is an error. A row without a decided class is not counted; there are no ties.

References
----------
.. [1] K. Takahashi, K. Yamamoto, A. Kuchiba and T. Koyama, "Confidence interval for micro-averaged
   F1 and macro-averaged F1 scores", Appl. Intell. 52, 4961-4972, 2022.
   doi:10.1007/s10489-021-02635-5
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import confusion
from monitoring_pipelines.stats.delta import standard_error
from monitoring_pipelines.stats.intervals import logit_interval, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.labelled import LabelledSummary


def macro_f1(labelled: LabelledSummary) -> float:
    """Mean F1 over the classes that occur.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.confusion import Confusion
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> table = Confusion(("a", "b", "c"), np.array([[8, 2, 0], [0, 5, 5], [2, 3, 5]]))
    >>> macro_f1(LabelledSummary(30, 30, confusion=table))  # (16/20 + 10/20 + 10/20) / 3
    0.6
    """
    return _mean_f1(_seen(labelled))


def macro_f1_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Delta method on the logit scale; half a row in every cell tells the error of empty ones."""
    raw = _seen(labelled)
    value, smoothed = _mean_f1(raw), raw + 0.5
    if len(raw) == 1:  # one class, always right
        return wilson(raw[0, 0], raw[0, 0], confidence)
    # around the value itself: half rows pull it down, and a window would look worse than it is
    centre = value if 0 < value < 1 else _mean_f1(smoothed)
    error = standard_error(_mean_f1, smoothed, float(raw.sum()))
    low, high = logit_interval(centre, error, confidence)
    return min(low, value), max(high, value)


def _seen(labelled: LabelledSummary) -> NDArray[np.float64]:
    """Cells of the classes that occur, as labels or as decisions."""
    counts = confusion(labelled).counts
    seen = (counts.sum(axis=0) + counts.sum(axis=1)) > 0
    return counts[np.ix_(seen, seen)].astype(np.float64)


def _mean_f1(counts: NDArray[np.float64]) -> float:
    return float(np.mean(2 * np.diag(counts) / (counts.sum(axis=0) + counts.sum(axis=1))))


METRIC = PerformanceMetric(
    name="macro_f1",
    tasks=frozenset({Task.MULTICLASS}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=macro_f1,
    interval=macro_f1_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
