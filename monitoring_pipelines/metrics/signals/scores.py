r"""Scores that the log has of its answers: their means, how many are scored, and by whom.

.. math::

    \frac{1}{n} \sum_i s_i

is told of each score, in its own unit, over the answers that have it. Which way is worse is a
matter of its name (`signals.lower_is_better`). The interval is Clopper and Pearson's [1]_ of the
mean's place between the least and the greatest score, which of scores from 0 to 1 are these two.
Of zeros and ones it is exact; all other scores in a range spread less [2]_, so it is wider than it
had to be. Student's is not wide enough: of 30 scores that lie near the best one, it errs four times
too often in the long tail. An answer without a score is not counted. No score is an error; one, or
equal ones of another scale, have a mean and no interval. There are no ties.

References
----------
.. [1] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in
   the case of the binomial", Biometrika 26(4), 404-413, 1934. doi:10.1093/biomet/26.4.404
.. [2] R. Bhatia and C. Davis, "A better bound on the variance", Am. Math. Mon. 107(4), 353-357,
   2000. doi:10.1080/00029890.2000.12005203
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import SIGNALS, Direction, SignalMetric
from monitoring_pipelines.metrics.quantity import MIN_ROWS, amounts_of
from monitoring_pipelines.metrics.rate import rate
from monitoring_pipelines.stats.intervals import clopper_pearson

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.base import Interval
    from monitoring_pipelines.summaries.activity import Activity

COLUMN = "score"


def mean_of(activity: Activity) -> float:
    """Mean of the scores.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.activity import Activity, Amounts
    >>> given = Amounts(np.array([0.0, 1.0]), np.array([1, 3]), 3.0, 3.0)
    >>> mean_of(Activity(4, amounts={"score": given}))
    0.75
    """
    found = amounts_of(activity, COLUMN)
    return found.total / found.n


def interval_of(activity: Activity, confidence: float) -> Interval:
    """Clopper and Pearson's interval of the mean's place in the range of the scores."""
    found = amounts_of(activity, COLUMN)
    least, most = float(found.values[0]), float(found.values[-1])
    if least >= 0 and most <= 1:
        least, most = 0.0, 1.0
    width = most - least
    if not width:
        raise NotApplicableError("equal scores of this scale do not give an interval")
    # rounded values may leave the mean a little outside of what they span
    place = min(1.0, max(0.0, (found.total / found.n - least) / width))
    low, high = clopper_pearson(place * found.n, found.n, confidence)
    return least + width * low, least + width * high


def _given(activity: Activity) -> int:
    found = activity.amounts.get(COLUMN)
    return found.n if found is not None else 0


METRICS = (
    SignalMetric(
        name="score",
        code="LLM-18",
        what="Of each score in the log, by `column`: its mean.",
        tasks=frozenset({Task.LLM}),
        column=COLUMN,
        is_amount=True,
        bounds=(-math.inf, math.inf),
        direction=Direction.LOWER_IS_WORSE,
        tolerance=0.05,
        relative=False,
        min_rows=MIN_ROWS,
        n=_given,
        compute=mean_of,
        interval=interval_of,
        each="score_values",
    ),
    rate(
        "score_coverage",
        "LLM-18",
        "Of each score in the log, by `column`: share of the answers that have it.",
        Task.LLM,
        "is_scored",
        {"1"},
        tolerance=0.1,
        direction=Direction.LOWER_IS_WORSE,
        each="score_counts",
    ),
    rate(
        "judge_share",
        "LLM-18",
        "Of each judge of each score, by `column`: share of scored answers that have one of it.",
        Task.LLM,
        "is_judged",
        {"1"},
        tolerance=0.1,
        each="judge_counts",
    ),
)
for _metric in METRICS:
    SIGNALS.add(_metric.name, _metric)
