r"""Quantiles, means and sums of what calls or tasks took: tokens, milliseconds, US dollars.

The quantile of order q of n sorted values is the one at :math:`(n - 1)\,q`, between two of them in
proportion, as numpy has it. Its interval is between two order statistics [1]_: with B binomial of n
and q,

.. math::

    P\left(X_{(r)} \le \xi_q \le X_{(s)}\right) \ge P(r \le B < s) .

It needs no distribution, holds with ties, and is open to the top if the sample is too small to have
such an upper one. The interval of a mean is Student's on the log scale. A sum is a fact, without an
interval. No value is an error; one value is its own quantile.

References
----------
.. [1] H. A. David and H. N. Nagaraja, "Order Statistics", 3rd edition, section 7.1, Wiley, 2003.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtr, bdtrik

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import Direction, SignalMetric
from monitoring_pipelines.stats.intervals import positive_mean_interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.domain.task import Task
    from monitoring_pipelines.metrics.base import Interval
    from monitoring_pipelines.summaries.activity import Activity, Amounts

# rows that a quantile or a mean needs, and of a quantile the values beyond it
MIN_ROWS, BEYOND = 30, 2


def amounts_of(activity: Activity, column: str) -> Amounts:
    """The values in `column`, at least one."""
    found = activity.amounts.get(column)
    if found is None or not found.n:
        raise NotApplicableError(f"no row tells `{column}`")
    return found


def quantile_of(amounts: Amounts, q: float) -> float:
    """Quantile of order `q`.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.activity import Amounts
    >>> quantile_of(Amounts(np.array([1.0, 2.0, 10.0]), np.array([1, 2, 1]), 15.0, 109.0), 0.95)
    8.8
    """
    place = (amounts.n - 1) * q
    low, high = _ranked(amounts, math.floor(place) + 1), _ranked(amounts, math.ceil(place) + 1)
    return low + (place - math.floor(place)) * (high - low)


def quantile_interval(amounts: Amounts, q: float, confidence: float) -> Interval:
    """Order statistics that hold the quantile with at least this confidence."""
    value, n, side = quantile_of(amounts, q), amounts.n, (1 - confidence) / 2
    lower, upper = _successes(side, n, q), _successes(1 - side, n, q) + 1
    low = _ranked(amounts, lower) if lower >= 1 else 0.0
    high = _ranked(amounts, upper) if upper <= n else math.inf
    return min(low, value), max(high, value)


def _successes(probability: float, n: int, q: float) -> int:
    """Smallest number that a binomial of n and q is at most with this probability."""
    found = max(0, math.ceil(float(bdtrik(probability, n, q))))
    # the inverse is a real number; one less may do
    return found - 1 if found and float(bdtr(found - 1, n, q)) >= probability else found


def _ranked(amounts: Amounts, rank: int) -> float:
    """Value of the given rank, counted from 1."""
    return float(amounts.values[np.searchsorted(np.cumsum(amounts.counts), rank)])


def quantile(  # noqa: PLR0913 - what a signal is
    name: str,
    code: str,
    what: str,
    task: Task,
    column: str,
    q: float,
    *,
    tolerance: float = 0.5,
) -> SignalMetric:
    """Build the signal of a quantile; `tolerance` is a share of the reference's."""

    def compute(activity: Activity) -> float:
        return quantile_of(amounts_of(activity, column), q)

    def interval(activity: Activity, confidence: float) -> Interval:
        return quantile_interval(amounts_of(activity, column), q, confidence)

    needed = max(MIN_ROWS, round(BEYOND / (1 - q)))
    return _signal((name, code, what, task), column, (compute, interval), tolerance, needed)


def mean(
    name: str, code: str, what: str, task: Task, column: str, *, tolerance: float = 0.5
) -> SignalMetric:
    """Build the signal of a mean; `tolerance` is a share of the reference's."""

    def compute(activity: Activity) -> float:
        found = amounts_of(activity, column)
        return found.total / found.n

    def interval(activity: Activity, confidence: float) -> Interval:
        found = amounts_of(activity, column)
        average = found.total / found.n
        spread = found.squares / found.n - average**2
        return positive_mean_interval(average, spread, found.n, confidence)

    return _signal((name, code, what, task), column, (compute, interval), tolerance, MIN_ROWS)


def total(name: str, code: str, what: str, task: Task, column: str) -> SignalMetric:
    """Build the signal of a sum over the window, which only a limit judges."""

    def compute(activity: Activity) -> float:
        return amounts_of(activity, column).total

    def interval(activity: Activity, confidence: float) -> Interval:
        del confidence
        return compute(activity), compute(activity)

    return _signal((name, code, what, task), column, (compute, interval), 0.0, 1, is_total=True)


def _signal(
    told: tuple[str, str, str, Task],
    column: str,
    functions: tuple[Callable[[Activity], float], Callable[[Activity, float], Interval]],
    tolerance: float,
    min_rows: int,
    *,
    is_total: bool = False,
) -> SignalMetric:
    name, code, what, task = told

    def rows(activity: Activity) -> int:
        found = activity.amounts.get(column)
        return found.n if found is not None else 0

    return SignalMetric(
        name=name,
        code=code,
        what=what,
        tasks=frozenset({task}),
        column=column,
        is_amount=True,
        bounds=(0.0, math.inf),
        direction=Direction.HIGHER_IS_WORSE,
        tolerance=tolerance,
        relative=not is_total,
        min_rows=min_rows,
        n=rows,
        compute=functions[0],
        interval=functions[1],
        total=is_total,
    )
