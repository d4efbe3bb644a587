r"""Difference of the true positive rates of a group and the rest (equal opportunity).

.. math::

    \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}}
    - \frac{\mathrm{TP}^\prime}{\mathrm{TP}^\prime + \mathrm{FN}^\prime}

It is in [-1, 1]; 0 is fair, and its sign says for which of the two the rate is higher. It tells for
whom the model finds fewer of the positive rows [2]_. It is of the labelled rows. The false negative
rates differ by as much, the other way round. The interval is Newcombe's [1]_. A group or a rest
without such a row is an error; one row gives a wide interval; there are no ties.

References
----------
.. [1] R. G. Newcombe, "Interval estimation for the difference between independent proportions:
   comparison of eleven methods", Stat. Med. 17(8), 873-890, 1998.
.. [2] M. Hardt, E. Price and N. Srebro, "Equality of opportunity in supervised learning", Adv.
   Neural Inf. Process. Syst. 29, 2016.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.metrics.base import FAIRNESS, Direction, FairnessMetric, Part
from monitoring_pipelines.metrics.gap import gap, gap_interval

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.labelled_parts import Cells


def found_positives(cells: Cells) -> Part:
    """Positive rows that were found, and all of them.

    >>> from monitoring_pipelines.metrics.labelled_parts import Cells
    >>> found_positives(Cells(50, 10, 20, 20))
    Part(hits=20, of=40)
    """
    return Part(cells.true_positives, cells.true_positives + cells.false_negatives)


METRIC = FairnessMetric(
    name="true_positive_rate_gap",
    bounds=(-1.0, 1.0),
    direction=Direction.AWAY_FROM_ZERO_IS_WORSE,
    tolerance=0.1,
    needs_labels=True,
    rate="positive rows are found",
    counts=found_positives,
    compute=gap,
    interval=gap_interval,
)
FAIRNESS.add(METRIC.name, METRIC)
