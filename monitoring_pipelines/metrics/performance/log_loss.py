r"""Log loss (cross-entropy): mean surprise at the true class, in nats.

With :math:`p_i` the probability that was given to the true class of row :math:`i`,

.. math::

    -\frac1n \sum_i \ln p_i

It is at least 0 and higher is worse; always saying 1/2 of two classes gives 0.693. It is a proper
score. One certain and wrong row dominates it, so probabilities are kept away from 0 and 1 by the
spacing of doubles, 2.2e-16, as scikit-learn does: such a row counts 36. It serves two and more
classes. The interval is Student's for the mean of the rows, on the log scale.

No labelled row is an error, and so are scores outside [0, 1]. One class alone is fine. One row has
a value and no interval. A row without a score is not counted; ties need no rule.

References
----------
.. [1] I. J. Good, "Rational decisions", J. R. Stat. Soc. B 14(1), 107-114, 1952.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import (
    class_scores,
    probabilities,
    require_probabilities,
)
from monitoring_pipelines.stats.intervals import kurtosis, positive_mean_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.labelled import LabelledSummary


def log_loss(labelled: LabelledSummary) -> float:
    """Mean surprise at the true class.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> table = ScoreTable(np.array([0.2, 0.5, 0.8]), np.array([2, 1, 0]), np.array([0, 1, 2]))
    >>> log_loss(LabelledSummary(6, 6, scores=table))  # -(4 ln 0.8 + 2 ln 0.5) / 6
    0.3798
    """
    return _moments(labelled)[0]


def log_loss_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Student's interval of the mean on the log scale."""
    probability, weight = _true_class(labelled)
    heavy = kurtosis(-np.log(probability), weight)
    return positive_mean_interval(*_moments(labelled), confidence, heavy)


@lru_cache(maxsize=1)  # the value and its intervals in turn
def _moments(labelled: LabelledSummary) -> tuple[float, float, int]:
    """Mean and variance of the rows' losses, and the number of rows."""
    probability, weight = _true_class(labelled)
    loss, n = -np.log(probability), weight.sum().item()
    mean = float(loss @ weight) / n
    return mean, float(np.square(loss - mean) @ weight) / n, n


def _true_class(labelled: LabelledSummary) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Probability of the true class and how many rows had it."""
    if labelled.class_scores:
        tables = list(class_scores(labelled).values())
        for table in tables:
            require_probabilities(table)
        probability = np.concatenate([table.scores for table in tables])
        weight = np.concatenate([table.positives for table in tables])
    else:
        table = probabilities(labelled)
        probability = np.concatenate([1 - table.scores, table.scores])
        weight = np.concatenate([table.negatives, table.positives])
    seen = weight > 0
    tiny = np.finfo(np.float64).eps
    return np.clip(probability[seen], tiny, 1 - tiny), weight[seen]


METRIC = PerformanceMetric(
    name="log_loss",
    tasks=frozenset({Task.BINARY, Task.MULTICLASS}),
    bounds=(0.0, math.inf),
    direction=Direction.HIGHER_IS_WORSE,
    tolerance=0.1,
    relative=True,
    compute=log_loss,
    interval=log_loss_interval,
    least_of_class=5,
)
PERFORMANCE.add(METRIC.name, METRIC)
