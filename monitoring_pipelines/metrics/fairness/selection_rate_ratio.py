r"""Ratio of the selection rates of a group and the rest: the four-fifths rule.

.. math::

    \frac{\text{selected of the group}}{\text{its rows}}
    \Big/ \frac{\text{selected of the rest}}{\text{its rows}}

It is at least 0; 1 is fair, and below four fifths the group is selected so much less that US
federal agencies take it for evidence of adverse impact [1]_. Selected is who gets the favourable
decision. It needs no label. The rule alone is too quick: with equal true rates of 10 per cent and
100 people a group it is broken in more than half of all samples; so a verdict needs the interval.
That is Donner and Zou's [2]_, from Wilson's intervals of both rates.

A group or a rest without a row is an error, and so is a rest of which nobody is selected: 0 / 0 and
1 / 0 are unknown. One row gives a wide interval; there are no ties.

References
----------
.. [1] Equal Employment Opportunity Commission, "Uniform guidelines on employee selection
   procedures", 29 CFR 1607.4 D, 1978.
.. [2] A. Donner and G. Y. Zou, "Closed-form confidence intervals for functions of the normal mean
   and standard deviation", Stat. Methods Med. Res. 21(4), 347-359, 2012.
   doi:10.1177/0962280210383082
"""

from __future__ import annotations

import math

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import (
    FAIRNESS,
    Direction,
    FairnessMetric,
    Interval,
    Part,
)
from monitoring_pipelines.metrics.fairness.selection_rate_difference import selected
from monitoring_pipelines.stats.intervals import ratio, wilson


def selection_rate_ratio(group: Part, rest: Part) -> float:
    """Rate of the group as a share of that of the rest.

    >>> selection_rate_ratio(Part(30, 100), Part(25, 50))
    0.6
    """
    if group.share >= 0 and not rest.share:
        raise NotApplicableError("nobody of the rest is selected, so there is no ratio")
    return group.share / rest.share


def selection_rate_ratio_interval(group: Part, rest: Part, confidence: float) -> Interval:
    """Donner and Zou's interval of a ratio."""
    selection_rate_ratio(group, rest)  # refuses what has no ratio
    mine, theirs = wilson(*group, confidence), wilson(*rest, confidence)
    return ratio(group.share, mine, rest.share, theirs)


METRIC = FairnessMetric(
    name="selection_rate_ratio",
    bounds=(0.0, math.inf),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.8,
    needs_labels=False,
    rate="rows are selected",
    counts=selected,
    compute=selection_rate_ratio,
    interval=selection_rate_ratio_interval,
)
FAIRNESS.add(METRIC.name, METRIC)
