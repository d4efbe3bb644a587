r"""Noise floors of divergences between two tables of counts.

Pearson's, Jensen-Shannon's, Hellinger's and the population stability index are to second order the
same sum :math:`\sum_i (p_i - q_i)^2 / m_i` times a constant, and without drift that sum is
:math:`(1/n + 1/n')\,\chi^2_{k-1}` for :math:`k` occupied bins. The approximation needs rows, so it
is used only if every occupied bin of either sample expects `DENSE` rows; otherwise the quantile
comes from `monitoring_pipelines.stats.permutation`. If the bins are `fitted` on the first sample,
it is the larger one of both that stand there: values may have ties, and then neither is exact.

References
----------
.. [1] N. Cressie and T. R. C. Read, "Multinomial goodness-of-fit tests", J. R. Stat. Soc. B
   46(3), 440-464, 1984.
.. [2] P. Massart, "The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality", Ann. Probab.
   18(3), 1269-1283, 1990. doi:10.1214/aop/1176990746
.. [3] F. Wei and R. M. Dudley, "Two-sample Dvoretzky-Kiefer-Wolfowitz inequalities", Stat.
   Probab. Lett. 82(3), 636-644, 2012.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri, ndtr

from monitoring_pipelines.stats.permutation import (
    permutation_mean,
    permutation_quantile,
    predictive_quantile,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.stats.permutation import Counts, Statistic

DENSE = 100.0
WEI_DUDLEY = 2.16863  # constant of the two-sample inequality for any equal sample sizes [3]_


def expected(a: Counts, b: Counts) -> float:
    """Fewest rows that an occupied bin of either sample expects without drift.

    >>> expected(np.array([90, 10, 0]), np.array([9, 1, 0]))
    1.0
    """
    pooled = a + b
    return (
        float(pooled[pooled > 0].min()) * min(float(a.sum()), float(b.sum())) / float(pooled.sum())
    )


def divergence_floor(
    a: Counts, b: Counts, alpha: float, statistic: Statistic, scale: float, *, fitted: bool
) -> float:
    """Quantile of a statistic that is about ``scale * (1/n + 1/n') * chi2`` without drift.

    With fewer than two occupied bins nothing can move, and the floor is 0.
    """
    occupied = int(np.count_nonzero(a + b))
    if occupied < 2:  # noqa: PLR2004 - one bin holds everything
        return 0.0
    if expected(a, b) < DENSE:
        return _sparse(a, b, alpha, statistic, fitted=fitted)
    return scale * (1 / int(a.sum()) + 1 / int(b.sum())) * float(chdtri(occupied - 1, alpha))


def largest_difference_floor(
    a: Counts, b: Counts, alpha: float, statistic: Statistic, *, fitted: bool
) -> float:
    """Quantile of the largest difference of shares over the bins.

    In dense tables it solves the union bound over normal differences,
    ``sum_i 2 (1 - Phi(t / s_i)) = alpha``.
    """
    pooled = a + b
    if np.count_nonzero(pooled) < 2:  # noqa: PLR2004 - one bin holds everything
        return 0.0
    if expected(a, b) < DENSE:
        return _sparse(a, b, alpha, statistic, fitted=fitted)
    spread = _spread(a, b)
    low, high = 0.0, 40 * float(spread.max())
    for _ in range(60):
        middle = (low + high) / 2
        beyond = float(np.sum(2 * ndtr(-middle / spread)))
        low, high = (middle, high) if beyond > alpha else (low, middle)
    return high


def largest_difference_size(a: Counts, b: Counts, statistic: Statistic) -> float:
    """Root of the mean square of the same difference without drift.

    In dense tables the bins are taken as independent normal differences: the mean of the largest
    square is the integral of the probability that any is larger.
    """
    if np.count_nonzero(a + b) < 2:  # noqa: PLR2004 - one bin holds everything
        return 0.0
    if expected(a, b) < DENSE:
        return math.sqrt(permutation_mean(a, b, statistic, power=2))
    spread = _spread(a, b)
    steps = np.linspace(0, 6, 241) * float(spread.max())
    below = np.prod(1 - 2 * ndtr(-steps[:, None] / spread), axis=1)
    return math.sqrt(float(np.trapezoid((1 - below) * 2 * steps, steps)))


def _spread(a: Counts, b: Counts) -> NDArray[np.float64]:
    """Standard error of the difference of each occupied bin's shares."""
    pooled = a + b
    share = pooled[pooled > 0] / pooled.sum()
    return np.asarray(np.sqrt(share * (1 - share) * (1 / int(a.sum()) + 1 / int(b.sum()))))


def divergence_mean(a: Counts, b: Counts, statistic: Statistic, scale: float) -> float:
    """Mean of the same statistic without drift; simulated in sparse tables."""
    occupied = int(np.count_nonzero(a + b))
    if occupied < 2:  # noqa: PLR2004 - one bin holds everything
        return 0.0
    if expected(a, b) < DENSE:
        return permutation_mean(a, b, statistic)
    return scale * (1 / int(a.sum()) + 1 / int(b.sum())) * (occupied - 1)


def _sparse(a: Counts, b: Counts, alpha: float, statistic: Statistic, *, fitted: bool) -> float:
    floor = permutation_quantile(a, b, alpha, statistic)
    return max(floor, predictive_quantile(a, b, alpha, statistic)) if fitted else floor


def cdf_difference_size(n: int, other_n: int) -> float:
    """Root of the mean square of the same difference, for values without ties.

    The square of Kolmogorov's variable has the mean pi squared over twelve.

    >>> cdf_difference_size(1_000, 1_000)
    0.0406
    """
    return math.pi * math.sqrt((1 / n + 1 / other_n) / 12)


def cdf_difference_floor(n: int, other_n: int, alpha: float) -> float:
    """Largest difference of two empirical distribution functions that chance exceeds.

    The Dvoretzky-Kiefer-Wolfowitz inequality for two samples [2]_, [3]_: it holds for every
    distribution, and for few distinct values it is conservative. At most 1.

    >>> cdf_difference_floor(1_000, 1_000, 0.05)
    0.0614
    """
    return min(1.0, math.sqrt((1 / n + 1 / other_n) * math.log(WEI_DUDLEY / alpha) / 2))
