r"""Share of calls or tasks that came to something, such as an error.

.. math::

    \frac{\text{rows of these levels}}{\text{rows that tell}}

A row that does not tell (a log without refusals) is not counted, unless the share is of all rows:
then it counts as one of another level. What is counted is often rare, so the interval is Clopper
and Pearson's [1]_, which holds at least as often as it says: with Wilson's, one error among 30
calls would be called no chance many times too often. No row that tells is an error; one row gives
0 or 1 and a wide interval. There are no ties.

References
----------
.. [1] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in
   the case of the binomial", Biometrika 26(4), 404-413, 1934. doi:10.1093/biomet/26.4.404
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import Direction, SignalMetric
from monitoring_pipelines.stats.intervals import clopper_pearson

if TYPE_CHECKING:
    from monitoring_pipelines.domain.task import Task
    from monitoring_pipelines.metrics.base import Interval
    from monitoring_pipelines.summaries.activity import Activity

MIN_ROWS = 30


def share_of(
    activity: Activity, column: str, levels: frozenset[str] | None, *, of_all: bool = False
) -> tuple[int, int]:
    """Rows whose `column` has one of the `levels` (None: any), and those that it is a share of.

    >>> from monitoring_pipelines.summaries.activity import Activity
    >>> calls = Activity(12, {"status": {"ok": 8, "error": 2}})
    >>> share_of(calls, "status", frozenset({"error"}))
    (2, 10)
    >>> share_of(calls, "status", None, of_all=True)
    (10, 12)
    """
    counts = activity.levels.get(column, {})
    hits = sum(n for level, n in counts.items() if levels is None or level in levels)
    return hits, activity.n_rows if of_all else sum(counts.values())


def rate(  # noqa: PLR0913 - what a signal is
    name: str,
    code: str,
    what: str,
    task: Task,
    column: str,
    levels: frozenset[str] | set[str] | None,
    *,
    tolerance: float = 0.02,
    direction: Direction = Direction.HIGHER_IS_WORSE,
    of_all: bool = False,
    each: str = "",
) -> SignalMetric:
    """Build the signal of a share of the rows; `tolerance` is a difference of shares."""
    chosen = None if levels is None else frozenset(levels)

    def counts(activity: Activity) -> tuple[int, int]:
        hits, of = share_of(activity, column, chosen, of_all=of_all)
        if not of:
            raise NotApplicableError(f"no row tells `{column}`")
        return hits, of

    def compute(activity: Activity) -> float:
        hits, of = counts(activity)
        return hits / of

    def interval(activity: Activity, confidence: float) -> Interval:
        return clopper_pearson(*counts(activity), confidence)

    return SignalMetric(
        name=name,
        code=code,
        what=what,
        tasks=frozenset({task}),
        column=column,
        is_amount=False,
        bounds=(0.0, 1.0),
        direction=direction,
        tolerance=tolerance,
        relative=False,
        min_rows=MIN_ROWS,
        n=lambda activity: share_of(activity, column, chosen, of_all=of_all)[1],
        compute=compute,
        interval=interval,
        each=each,
    )
