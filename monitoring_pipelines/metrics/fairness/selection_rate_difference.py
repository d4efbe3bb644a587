r"""Difference of the selection rates of a group and the rest (demographic parity).

.. math::

    \frac{\text{selected of the group}}{\text{its rows}}
    - \frac{\text{selected of the rest}}{\text{its rows}}

It is in [-1, 1]; 0 is fair, and its sign says for which of the two the rate is higher. Selected is
who gets the favourable decision. Unlike the ratio it does not grow large where hardly anybody is
selected [2]_. It needs no label. The interval is Newcombe's [1]_. A group or a rest without such a
row is an error; one row gives a wide interval; there are no ties.

References
----------
.. [1] R. G. Newcombe, "Interval estimation for the difference between independent proportions:
   comparison of eleven methods", Stat. Med. 17(8), 873-890, 1998.
.. [2] T. Calders and S. Verwer, "Three naive Bayes approaches for discrimination-free
   classification", Data Min. Knowl. Discov. 21, 277-292, 2010. doi:10.1007/s10618-010-0190-x
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.metrics.base import FAIRNESS, Direction, FairnessMetric, Part
from monitoring_pipelines.metrics.gap import gap, gap_interval

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.selection import Selection


def selected(selection: Selection) -> Part:
    """Selected rows and all that have a decision.

    >>> from monitoring_pipelines.summaries.selection import Selection
    >>> selected(Selection(n=10, n_selected=4))
    Part(hits=4, of=10)
    """
    return Part(selection.n_selected, selection.n)


METRIC = FairnessMetric(
    name="selection_rate_difference",
    bounds=(-1.0, 1.0),
    direction=Direction.AWAY_FROM_ZERO_IS_WORSE,
    tolerance=0.1,
    needs_labels=False,
    rate="rows are selected",
    counts=selected,
    compute=gap,
    interval=gap_interval,
)
FAIRNESS.add(METRIC.name, METRIC)
