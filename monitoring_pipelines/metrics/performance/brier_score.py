r"""Brier score: mean squared difference of the predicted probability and the label.

.. math::

    \mathrm{BS} = \frac1n \sum_i (p_i - y_i)^2

It is in [0, 1] and higher is worse: 0 is certainty that comes true. It is a proper score, so it
punishes bad order and bad calibration alike; its least value depends on the share of positives. The
interval is Student's for the mean of the rows, on the log scale.

No labelled row is an error, and so are scores outside [0, 1]. One class alone is fine. One row has
a value and no interval. A row without a score is not counted; ties need no rule.

References
----------
.. [1] G. W. Brier, "Verification of forecasts expressed in terms of probability", Mon. Weather
   Rev. 78(1), 1-3, 1950.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import probabilities
from monitoring_pipelines.stats.intervals import kurtosis, positive_mean_interval

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def brier_score(labelled: LabelledSummary) -> float:
    """Score of a binary model's probabilities.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> table = ScoreTable(np.array([0.2, 0.5, 0.8]), np.array([2, 1, 0]), np.array([0, 1, 2]))
    >>> brier_score(LabelledSummary(6, 6, scores=table))  # (4 * 0.04 + 2 * 0.25) / 6
    0.11
    """
    return _moments(labelled)[0]


def brier_score_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Student's interval of the mean on the log scale."""
    low, high = positive_mean_interval(*_moments(labelled), confidence, _kurtosis(labelled))
    return low, min(high, 1.0)


@lru_cache(maxsize=1)  # two intervals in turn
def _moments(labelled: LabelledSummary) -> tuple[float, float, int]:
    """Mean and variance of the rows' losses, and the number of rows."""
    label, score, weight = probabilities(labelled).weighted
    loss = (score - label) ** 2
    n = weight.sum().item()
    mean = float(loss @ weight) / n
    return mean, float(np.square(loss - mean) @ weight) / n, n


def _kurtosis(labelled: LabelledSummary) -> float:
    """Of the rows' losses: few of a rare class have most of them."""
    label, score, weight = probabilities(labelled).weighted
    return kurtosis((score - label) ** 2, weight)


METRIC = PerformanceMetric(
    name="brier_score",
    tasks=frozenset({Task.BINARY}),
    bounds=(0.0, 1.0),
    direction=Direction.HIGHER_IS_WORSE,
    tolerance=0.1,
    relative=True,
    compute=brier_score,
    interval=brier_score_interval,
    least_of_class=5,
)
PERFORMANCE.add(METRIC.name, METRIC)
