r"""Label issues: share of the labelled rows that the model confidently takes for another class.

With :math:`t_j` the mean probability of class :math:`j` over the rows labelled :math:`j`, a row is
confidently of class :math:`\hat y_i`, the most probable :math:`j` with :math:`p_{ij} \ge t_j` [1]_:

.. math::

    \frac1n \left|\{ i : \hat y_i \text{ exists and } \hat y_i \ne y_i \}\right|

It is in [0, 1] and higher is worse: labels are wrong, or the model is, and pictures to look at are
among these rows. The count is of the confident joint's cells off its diagonal, not calibrated. The
:math:`t_j` are of the same window, so a model that is less sure everywhere raises no issue by that.
The interval is Wilson's of a quarter of the rows, so twice as wide: the :math:`t_j` vary too, which
in simulations of calibrated models made the share's standard error half as large again.

No labelled row is an error. A row without a probability of every class is not counted. Of equally
probable classes the first in the order of names is taken.

References
----------
.. [1] C. G. Northcutt, L. Jiang and I. L. Chuang, "Confident learning: estimating uncertainty in
   dataset labels", J. Artif. Intell. Res. 70, 1373-1411, 2021. doi:10.1613/jair.1.12125
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.ranks import ranked
from monitoring_pipelines.stats.intervals import wilson_share

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary

# the standard error is so many times what it would be if the thresholds were given
SPREAD = 2.0


def label_issues(labelled: LabelledSummary) -> float:
    """Share of the rows that are confidently of another class than their label.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.ranked import Ranked
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> sure = ScoreTable(np.array([0.5]), np.array([4]), np.array([16]))
    >>> label_issues(LabelledSummary(20, 20, ranked=Ranked(np.array([16, 4]), sure, 3)))
    0.15
    """
    found = ranked(labelled)
    return found.n_issues / found.n


def label_issues_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Wilson's interval of a quarter of the rows."""
    found = ranked(labelled)
    return wilson_share(found.n_issues / found.n, found.n / SPREAD**2, confidence)


METRIC = PerformanceMetric(
    name="label_issues",
    tasks=frozenset({Task.MULTICLASS}),
    bounds=(0.0, 1.0),
    direction=Direction.HIGHER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=label_issues,
    interval=label_issues_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
