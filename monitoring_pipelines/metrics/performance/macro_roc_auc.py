r"""Macro ROC AUC: unweighted mean over the classes of the area of one class against the rest.

With :math:`A_c` the area under the curve of the score of class :math:`c` for telling its rows from
all others,

.. math::

    \frac1C \sum_c A_c

It is in [0, 1] and higher is better; 0.5 is chance. Each class counts the same. Ties count half.
The areas of one set of rows are correlated, and the interval takes them as fully so: it is the mean
of DeLong's bounds, which is conservative.

No labelled row is an error, and so is a class without a labelled row, or the only one: its area is
unknown. A row without scores is not counted.

References
----------
.. [1] F. Provost and P. Domingos, "Well-trained PETs: improving probability estimation trees",
   CeDER Working Paper IS-00-04, Stern School of Business, New York University, 2000.
.. [2] E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more
   correlated receiver operating characteristic curves", Biometrics 44(3), 837-845, 1988.
   doi:10.2307/2531595
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import class_scores
from monitoring_pipelines.stats.delong import auc_interval, delong

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.score_table import ScoreTable


def macro_roc_auc(labelled: LabelledSummary) -> float:
    """Mean area of one class against the rest.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.score_table import ScoreTable
    >>> low_high = np.array([0.2, 0.6])
    >>> a = ScoreTable(low_high, np.array([2, 0]), np.array([0, 1]))
    >>> b = ScoreTable(low_high, np.array([2, 0]), np.array([0, 1]))
    >>> c = ScoreTable(low_high, np.array([1, 1]), np.array([1, 0]))
    >>> macro_roc_auc(LabelledSummary(3, 3, class_scores={"a": a, "b": b, "c": c}))  # (1+1+1/4)/3
    0.75
    """
    areas = [delong(table.negatives, table.positives)[0] for table in _tables(labelled)]
    return sum(areas) / len(areas)


def macro_roc_auc_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Mean of DeLong's bounds."""
    bounds = [auc_interval(t.negatives, t.positives, confidence) for t in _tables(labelled)]
    return sum(b[0] for b in bounds) / len(bounds), sum(b[1] for b in bounds) / len(bounds)


def _tables(labelled: LabelledSummary) -> list[ScoreTable]:
    tables = class_scores(labelled)
    for name, table in tables.items():
        if not table.n_negatives or not table.n_positives:
            absent = "not " if not table.n_positives else ""
            raise OneClassError(table.n, f"{absent}{name}")
    return list(tables.values())


METRIC = PerformanceMetric(
    name="macro_roc_auc",
    tasks=frozenset({Task.MULTICLASS}),
    bounds=(0.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=macro_roc_auc,
    interval=macro_roc_auc_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
