r"""Interval of a mean square whose rows may have heavy tails.

The variance of :math:`e^2` needs :math:`\overline{e^4}`, which few rows of a heavy tail
underestimate: most samples lack the rows that decide it. The spread of the bulk tells of them. If
errors are normal with a standard deviation that varies log-normally from row to row [1]_, then with
:math:`q = \frac{2}{\pi}\,\overline{e^2} / \overline{|e|}^2`

.. math::

    \frac{\overline{e^4}}{(\overline{e^2})^2} = 3\, q^4,

and :math:`q = 1` for normal errors. The upper arm takes the larger one of this and the sample's
kurtosis. The lower arm takes the sample's: where the tail was not seen the mean itself is too low.

References
----------
.. [1] P. K. Clark, "A subordinated stochastic process model with finite variance for speculative
   prices", Econometrica 41(1), 135-155, 1973. doi:10.2307/1913889
"""

from __future__ import annotations

import math

from monitoring_pipelines.stats.intervals import Interval, positive_mean_interval


def mean_square_interval(
    absolute: float, square: float, quartic: float, n: int, confidence: float
) -> Interval:
    """Interval of a mean square, from the means of the errors' absolutes, squares and fourths.

    If every error is zero, both ends are zero.

    >>> low, high = mean_square_interval((2 / math.pi) ** 0.5, 1.0, 3.0, 1_000, 0.95)
    >>> round(low, 3), round(high, 3)  # normal errors: both arms alike
    (0.916, 1.092)
    """
    low, high = positive_mean_interval(square, quartic - square**2, n, confidence)
    if not absolute > 0:
        return low, high
    spread = max(1.0, 2 / math.pi * square / absolute**2)
    variance = max(quartic, 3 * spread**4 * square**2) - square**2
    return low, positive_mean_interval(square, variance, n, confidence)[1]
