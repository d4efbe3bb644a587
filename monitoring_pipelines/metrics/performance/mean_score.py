r"""Mean score: what judges or people gave the answers, on average.

.. math::

    \frac{1}{n} \sum_i s_i

It has the unit of the scores, and higher is better; of right and wrong answers (1 and 0) it is the
accuracy. The tolerance is for scores from 0 to 1; `signals.tolerances` has another one for other
scales. The interval is Wilson's [1]_ if every score is 0 or 1, else Student's.

No labelled row is an error; one row is its own mean, and has no interval unless it is 0 or 1. A row
without a score is not counted; there are no ties.

References
----------
.. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
   J. Am. Stat. Assoc. 22(158), 209-212, 1927. doi:10.1080/01621459.1927.10502953
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import ratings
from monitoring_pipelines.stats.intervals import mean_interval, wilson_share

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.moments import Moments


def mean_score(labelled: LabelledSummary) -> float:
    """Mean of the scores.

    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> from monitoring_pipelines.summaries.moments import Moments
    >>> from monitoring_pipelines.summaries.ratings import Ratings
    >>> given = Ratings(Moments(4, 0.75, 0.75, 0.0, 1.0))  # three right answers of four
    >>> mean_score(LabelledSummary(10, 4, ratings=given))
    0.75
    """
    return ratings(labelled).moments.mean


def mean_score_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Wilson's interval of zeros and ones, else Student's."""
    moments = ratings(labelled).moments
    if _is_zero_or_one(moments):
        return wilson_share(moments.mean, moments.n, confidence)
    return mean_interval(moments.mean, moments.m2 / moments.n, moments.n, confidence)


def _is_zero_or_one(moments: Moments) -> bool:
    """Whether no score lies between 0 and 1: then, and only then, the spread is p (1 - p)."""
    if moments.minimum < 0 or moments.maximum > 1:
        return False
    most = moments.n * moments.mean * (1 - moments.mean)
    return math.isclose(moments.m2, most, rel_tol=1e-9, abs_tol=1e-12 * moments.n)


METRIC = PerformanceMetric(
    name="mean_score",
    tasks=frozenset({Task.LLM, Task.AGENT}),
    bounds=(-math.inf, math.inf),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.05,
    relative=False,
    compute=mean_score,
    interval=mean_score_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
