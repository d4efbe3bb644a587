r"""Calibration error of confidence: how far a classifier's certainty is from being right.

The confidence of a row is the probability of the class that was decided for. Over ten bins of it of
equal width, with :math:`w_b` the share of rows, :math:`\bar p_b` the mean confidence and
:math:`\bar a_b` the share of right decisions,

.. math::

    \mathrm{ECE} = \sum_{b=1}^{10} w_b \, |\bar p_b - \bar a_b|

It is in [0, 1] and higher is worse; with the most probable class decided for it is the expected
calibration error of the literature [1]_. Bins and interval are those of `calibration_error`.

No labelled row is an error, and so are confidences outside [0, 1]. A row without a probability of
every class, or without a decision, is not counted. Ties share a bin.

References
----------
.. [1] C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On calibration of modern neural networks",
   ICML 2017, PMLR 70, 1321-1330.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import require_probabilities
from monitoring_pipelines.metrics.performance.calibration_error import error_of, interval_of
from monitoring_pipelines.metrics.ranks import ranked

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.score_table import ScoreTable


def confidence_error(labelled: LabelledSummary) -> float:
    """Error of the confidence over ten equal bins.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.ranked import Ranked
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> sure = ScoreTable(np.array([0.55, 0.95]), np.array([5, 1]), np.array([5, 9]))
    >>> confidence_error(LabelledSummary(20, 20, ranked=Ranked(np.array([14, 6]), sure, 0)))
    0.05
    """
    return error_of(_confidence(labelled))


def confidence_error_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """The error less its largest bias, and normal arms."""
    return interval_of(_confidence(labelled), confidence)


def _confidence(labelled: LabelledSummary) -> ScoreTable:
    table = ranked(labelled).confidence
    require_probabilities(table)
    return table


METRIC = PerformanceMetric(
    name="confidence_error",
    tasks=frozenset({Task.MULTICLASS}),
    bounds=(0.0, 1.0),
    direction=Direction.HIGHER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=confidence_error,
    interval=confidence_error_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
