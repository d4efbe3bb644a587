r"""Difference of the positive predictive values of a group and the rest (predictive parity).

.. math::

    \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP}}
    - \frac{\mathrm{TP}^\prime}{\mathrm{TP}^\prime + \mathrm{FP}^\prime}

It is in [-1, 1]; 0 is fair, and its sign says for which of the two the rate is higher. It tells for
whom a positive decision is right less often. If the shares of positives differ, it and the gaps of
the error rates cannot all be 0 [2]_. It is of the labelled rows. The interval is Newcombe's [1]_. A
group or a rest without such a row is an error; one row gives a wide interval; there are no ties.

References
----------
.. [1] R. G. Newcombe, "Interval estimation for the difference between independent proportions:
   comparison of eleven methods", Stat. Med. 17(8), 873-890, 1998.
.. [2] A. Chouldechova, "Fair prediction with disparate impact: a study of bias in recidivism
   prediction instruments", Big Data 5(2), 153-163, 2017. doi:10.1089/big.2016.0047
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.metrics.base import FAIRNESS, Direction, FairnessMetric, Part
from monitoring_pipelines.metrics.gap import gap, gap_interval

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.labelled_parts import Cells


def right_calls(cells: Cells) -> Part:
    """Rows that were called positive and are, and all that were called so.

    >>> from monitoring_pipelines.metrics.labelled_parts import Cells
    >>> right_calls(Cells(50, 10, 20, 20))
    Part(hits=20, of=30)
    """
    return Part(cells.true_positives, cells.true_positives + cells.false_positives)


METRIC = FairnessMetric(
    name="positive_predictive_value_gap",
    bounds=(-1.0, 1.0),
    direction=Direction.AWAY_FROM_ZERO_IS_WORSE,
    tolerance=0.1,
    needs_labels=True,
    rate="rows called positive are",
    counts=right_calls,
    compute=gap,
    interval=gap_interval,
)
FAIRNESS.add(METRIC.name, METRIC)
