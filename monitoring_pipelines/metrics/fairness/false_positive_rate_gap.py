r"""Difference of the false positive rates of a group and the rest (equalised odds).

.. math::

    \frac{\mathrm{FP}}{\mathrm{FP} + \mathrm{TN}}
    - \frac{\mathrm{FP}^\prime}{\mathrm{FP}^\prime + \mathrm{TN}^\prime}

It is in [-1, 1]; 0 is fair, and its sign says for which of the two the rate is higher. It tells who
is called positive wrongly more often [2]_. It is of the labelled rows. The interval is Newcombe's
[1]_. A group or a rest without such a row is an error; one row gives a wide interval; there are no
ties.

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


def called_negatives(cells: Cells) -> Part:
    """Negative rows that were called positive, and all of them.

    >>> from monitoring_pipelines.metrics.labelled_parts import Cells
    >>> called_negatives(Cells(50, 10, 20, 20))
    Part(hits=10, of=60)
    """
    return Part(cells.false_positives, cells.false_positives + cells.true_negatives)


METRIC = FairnessMetric(
    name="false_positive_rate_gap",
    bounds=(-1.0, 1.0),
    direction=Direction.AWAY_FROM_ZERO_IS_WORSE,
    tolerance=0.1,
    needs_labels=True,
    rate="negative rows are called positive",
    counts=called_negatives,
    compute=gap,
    interval=gap_interval,
)
FAIRNESS.add(METRIC.name, METRIC)
