"""Confidence intervals that stay inside the range of what they bound.

Every function takes a two-sided `confidence`; a one-sided false-alarm probability alpha is the
two-sided confidence ``1 - 2 * alpha``.

References
----------
.. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
   J. Am. Stat. Assoc. 22(158), 209-212, 1927. doi:10.1080/01621459.1927.10502953
.. [2] R. G. Newcombe, "Interval estimation for the difference between independent proportions:
   comparison of eleven methods", Stat. Med. 17(8), 873-890, 1998.
.. [3] G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a
   general approach", Stat. Med. 27(10), 1693-1702, 2008. doi:10.1002/sim.3095
.. [4] A. Donner and G. Y. Zou, "Closed-form confidence intervals for functions of the normal mean
   and standard deviation", Stat. Methods Med. Res. 21(4), 347-359, 2012.
   doi:10.1177/0962280210383082
.. [5] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
   case of the binomial", Biometrika 26(4), 404-413, 1934. doi:10.1093/biomet/26.4.404
.. [6] B. O'Neill, "Some useful moment results in sampling problems", Am. Stat. 68(4), 282-296,
   2014. doi:10.1080/00031305.2014.966589
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from scipy.special import betaincinv, expit, logit, ndtri, stdtrit

from monitoring_pipelines.errors import EmptySampleError, NotApplicableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Interval = tuple[float, float]


def normal_quantile(confidence: float) -> float:
    """Half width, in standard errors, of a two-sided interval.

    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    return float(ndtri(0.5 + confidence / 2))


def wilson(successes: float, n: float, confidence: float) -> Interval:
    """Wilson's score interval [1]_ of a proportion; useful from one row on.

    Expected counts may be real numbers.

    >>> [round(bound, 4) for bound in wilson(8, 10, 0.95)]
    [0.4902, 0.9433]
    """
    if n < 1:
        raise EmptySampleError("judged")
    return wilson_share(successes / n, n, confidence)


def wilson_share(share: float, n: float, confidence: float) -> Interval:
    """The same for a share that need not be a whole number of `n` rows."""
    z2 = normal_quantile(confidence) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    # at none and at all the exact bound is the edge; rounding must not cut the share itself off
    return min(max(0.0, centre - half), share), max(min(1.0, centre + half), share)


def clopper_pearson(successes: float, n: float, confidence: float) -> Interval:
    """Exact interval [5]_ of a proportion: neither end errs more often than it may, however rare.

    Wilson's lower end is crossed several times too often where few successes are expected. Expected
    counts may be real numbers.

    >>> [round(bound, 4) for bound in clopper_pearson(8, 10, 0.95)]
    [0.4439, 0.9748]
    """
    if n < 1:
        raise EmptySampleError("judged")
    tail, failures = (1 - confidence) / 2, n - successes
    low = float(betaincinv(successes, failures + 1, tail)) if successes > 0 else 0.0
    high = float(betaincinv(successes + 1, failures, 1 - tail)) if failures > 0 else 1.0
    return min(low, successes / n), max(high, successes / n)


def difference(
    value: float, interval: Interval, other: float, other_interval: Interval
) -> Interval:
    """Interval of ``value - other`` for independent estimates: squares of the arms add up [3]_.

    It recovers the variances from the two intervals, so it keeps their skewness.

    >>> difference(0.5, (0.47, 0.54), 0.3, (0.26, 0.33))
    (0.1576, 0.2566)
    """
    gap = value - other
    below = math.hypot(value - interval[0], other_interval[1] - other)
    above = math.hypot(interval[1] - value, other - other_interval[0])
    return gap - below, gap + above


def newcombe(
    successes: int, n: int, other_successes: int, other_n: int, confidence: float
) -> Interval:
    """Newcombe's interval [2]_ of ``successes / n - other_successes / other_n``.

    >>> [round(bound, 4) for bound in newcombe(56, 70, 48, 80, 0.95)]  # the paper's example (a)
    [0.0524, 0.3339]
    """
    mine, theirs = wilson(successes, n, confidence), wilson(other_successes, other_n, confidence)
    return difference(successes / n, mine, other_successes / other_n, theirs)


def ratio(value: float, interval: Interval, other: float, other_interval: Interval) -> Interval:
    """Interval of ``value / other`` for independent estimates that are not negative [4]_.

    It recovers the variances from the two intervals, as `difference` does. `other` must be above
    zero; the upper end is infinite if its interval reaches zero.

    >>> [round(bound, 4) for bound in ratio(0.5, (0.4, 0.6), 0.5, (0.4, 0.6))]
    [0.75, 1.3333]
    """
    (low, high), (other_low, other_high) = interval, other_interval
    product = value * other
    # as quotients that never divide two small differences
    down, below = low * (2 * value - low), other_high * (2 * other - other_high)
    up, above = high * (2 * value - high), other_low * (2 * other - other_low)
    lower_root = math.sqrt(max(product * product - down * below, 0.0))
    upper_root = math.sqrt(max(product * product - up * above, 0.0))
    lower = down / (product + lower_root) if product + lower_root > 0 else 0.0
    return max(0.0, lower), (product + upper_root) / above if above > 0 else math.inf


def student_quantile(confidence: float, freedom: float) -> float:
    """Half width, in standard errors that have so many degrees of `freedom`; normal if infinite.

    >>> round(student_quantile(0.95, 10), 3), round(student_quantile(0.95, math.inf), 3)
    (2.228, 1.96)
    """
    if math.isinf(freedom):
        return normal_quantile(confidence)
    return float(stdtrit(freedom, 0.5 + confidence / 2))


def logit_interval(
    value: float, standard_error: float, confidence: float, freedom: float = math.inf
) -> Interval:
    """Student's (normal at first) on the logit scale, for a number strictly inside (0, 1).

    >>> [round(bound, 3) for bound in logit_interval(0.9, 0.02, 0.95)]
    [0.853, 0.933]
    """
    half = student_quantile(confidence, freedom) * standard_error / (value * (1 - value))
    centre = float(logit(value))
    return float(expit(centre - half)), float(expit(centre + half))


def mean_interval(mean: float, variance: float, n: int, confidence: float) -> Interval:
    """Student's interval of a mean of `n` rows with the given population `variance` (divisor n).

    >>> [round(bound, 3) for bound in mean_interval(2.0, 1.0, 26, 0.95)]
    [1.588, 2.412]
    """
    half = _half_width(variance, n, confidence)
    return mean - half, mean + half


def kurtosis(values: NDArray[np.float64], weights: NDArray[Any]) -> float:
    """Fourth central moment of weighted `values` by their squared variance; 3 if all are one.

    >>> import numpy as np
    >>> kurtosis(np.array([0.0, 1.0]), np.array([9.0, 1.0]))  # (1 - 3 p q) / (p q)
    8.1111
    """
    square = (values - values @ weights / weights.sum()) ** 2
    variance = float(square @ weights / weights.sum())
    return float(square**2 @ weights / weights.sum()) / variance**2 if variance > 0 else 3.0


def positive_mean_interval(
    mean: float, variance: float, n: int, confidence: float, kurtosis: float = 3.0
) -> Interval:
    """The same on the log scale, for a mean of non-negative and usually skewed rows.

    If every row is zero, both ends are zero. The variance of rows with a large `kurtosis` is known
    as badly as that of fewer normal ones: Student's degrees of freedom follow it [6]_.

    >>> [round(bound, 3) for bound in positive_mean_interval(2.0, 1.0, 26, 0.95)]
    [1.628, 2.457]
    """
    half = _half_width(variance, n, confidence, kurtosis)
    if mean <= 0:
        return 0.0, 0.0
    factor = math.exp(min(half / mean, 700.0))
    return mean / factor, mean * factor


def _half_width(variance: float, n: int, confidence: float, kurtosis: float = 3.0) -> float:
    if n < 2:  # noqa: PLR2004 - a spread needs two rows
        raise NotApplicableError(f"{n} labelled rows do not give an interval; it needs 2")
    freedom = min(n - 1, 2 * n / max(kurtosis - (n - 3) / (n - 1), 1e-9))
    quantile = student_quantile(confidence, freedom)
    return quantile * math.sqrt(max(variance, 0.0) / (n - 1))
