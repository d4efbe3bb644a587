r"""Expected calibration error: how far predicted probabilities are from what happened.

Over ten bins of equal width, each closed below (the last on both sides), with :math:`w_b` the share
of rows, :math:`\bar p_b` the mean probability and :math:`\bar y_b` the share of positives,

.. math::

    \mathrm{ECE} = \sum_{b=1}^{10} w_b \, |\bar p_b - \bar y_b|

It is in [0, 1] and higher is worse: 0 if in each bin as many rows are positive as was said. Chance
alone makes it positive in small samples, by at most :math:`\sqrt{2/\pi} \sum_b w_b \sigma_b` with
:math:`\sigma_b` the standard error of the gap in a bin. The interval reaches down by that bias and
:math:`z` times :math:`\sqrt{\sum_b w_b^2 \sigma_b^2}`, and up by the latter: it is conservative.

No labelled row is an error, and so are scores outside [0, 1]. One class alone is fine. With one row
it is how far that row was off. A row without a score is not counted. Tied scores share a bin.

References
----------
.. [1] M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using
   Bayesian binning", AAAI 2015, 2901-2907.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import probabilities
from monitoring_pipelines.stats.intervals import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.score_table import ScoreTable

N_BINS = 10


def calibration_error(labelled: LabelledSummary) -> float:
    """Error of a binary model's probabilities over ten equal bins.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> table = ScoreTable(np.array([0.2, 0.5, 0.8]), np.array([2, 1, 0]), np.array([0, 1, 2]))
    >>> calibration_error(LabelledSummary(6, 6, scores=table))  # (2 * 0.2 + 0 + 2 * 0.2) / 6
    0.1333
    """
    return error_of(probabilities(labelled))


def calibration_error_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """The error less its largest bias, and normal arms."""
    return interval_of(probabilities(labelled), confidence)


def error_of(table: ScoreTable) -> float:
    """Error of probabilities and what happened, all in [0, 1]."""
    weight, gap, _ = _bins(table)
    return float(weight @ np.abs(gap))


def interval_of(table: ScoreTable, confidence: float) -> Interval:
    """Its interval."""
    weight, gap, spread = _bins(table)
    value = float(weight @ np.abs(gap))
    arm = normal_quantile(confidence) * float(np.linalg.norm(weight * spread))
    bias = math.sqrt(2 / math.pi) * float(weight @ spread)
    return max(0.0, value - bias - arm), min(1.0, value + arm)


@lru_cache(maxsize=1)  # the value and its intervals in turn
def _bins(table: ScoreTable) -> tuple[NDArray[np.float64], ...]:
    """Share of rows, gap and standard error of the gap, of each of the occupied bins."""
    place = np.minimum((table.scores * N_BINS).astype(np.int64), N_BINS - 1)
    rows = (table.negatives + table.positives).astype(np.float64)
    n = np.bincount(place, rows, N_BINS)
    seen = n > 0
    positive = np.bincount(place, table.positives, N_BINS)[seen]
    predicted = np.bincount(place, rows * table.scores, N_BINS)[seen]
    n = n[seen]
    share = (positive + 0.5) / (n + 1)  # never 0 or 1, so that the error is not either
    return n / n.sum(), (predicted - positive) / n, np.sqrt(share * (1 - share) / n)


METRIC = PerformanceMetric(
    name="calibration_error",
    tasks=frozenset({Task.BINARY}),
    bounds=(0.0, 1.0),
    direction=Direction.HIGHER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=calibration_error,
    interval=calibration_error_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
