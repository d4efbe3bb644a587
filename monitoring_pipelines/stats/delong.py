r"""Area under the ROC curve and its variance from counts per distinct score.

With :math:`V_{10}(x)` the share of negatives below a positive's score :math:`x` (ties count half)
and :math:`V_{01}(y)` the share of positives above a negative's score :math:`y`,

.. math::

    A = \overline{V_{10}}, \qquad
    \operatorname{var} A = \frac{S_{10}}{n_1} + \frac{S_{01}}{n_0}

with :math:`S` the sample variances of the placements [1]_. Sorted counts make it linear in the
number of distinct scores. Of a few rows of a class these variances are themselves uncertain: the
interval takes Student's quantile with the degrees of freedom of Brunner and Munzel [3]_,

.. math::

    \nu = \frac{(S_{10}/n_1 + S_{01}/n_0)^2}{(S_{10}/n_1)^2/(n_1-1) + (S_{01}/n_0)^2/(n_0-1)}

References
----------
.. [1] E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more
   correlated receiver operating characteristic curves", Biometrics 44(3), 837-845, 1988.
   doi:10.2307/2531595
.. [2] Z. W. Birnbaum and O. M. Klose, "Bounds for the variance of the Mann-Whitney statistic",
   Ann. Math. Stat. 28(4), 933-945, 1957.
.. [3] E. Brunner and U. Munzel, "The nonparametric Behrens-Fisher problem: asymptotic theory and a
   small-sample approximation", Biom. J. 42(1), 17-25, 2000.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.stats.intervals import Interval, logit_interval, wilson_share

if TYPE_CHECKING:
    from numpy.typing import NDArray


def delong(negatives: NDArray[np.int64], positives: NDArray[np.int64]) -> tuple[float, float]:
    """``(area, standard error)`` of rows counted per score, scores ascending.

    The standard error is NaN if a class has one row. Expected counts may be real numbers.

    >>> area, error = delong(np.array([2, 1, 0]), np.array([0, 1, 2]))
    >>> area, error
    (0.9444, 0.0786)
    """
    area, *variances = _parts(negatives, positives)
    return area, math.sqrt(sum(variances))


def auc_interval(
    negatives: NDArray[np.int64], positives: NDArray[np.int64], confidence: float
) -> Interval:
    """DeLong's interval on the logit scale, with Student's quantile.

    With one row of a class, or at an area of 0 or 1, the placements show no spread. Then the area
    is bounded like a proportion of as many trials as the smaller class has rows, which its
    variance never exceeds [2]_.

    >>> auc_interval(np.array([2, 1, 0]), np.array([0, 1, 2]), 0.95)
    (0.2101, 0.9991)
    """
    area, *variances = _parts(negatives, positives)
    n0, n1 = negatives.sum().item(), positives.sum().item()
    total = sum(variances)
    if 0 < area < 1 and total > 0:
        freedom = total**2 / sum(
            part**2 / (n - 1) for part, n in zip(variances, (n1, n0), strict=True)
        )
        return logit_interval(area, math.sqrt(total), confidence, freedom)
    smaller = min(n0, n1)
    return wilson_share(area, smaller, confidence)


def _parts(
    negatives: NDArray[np.int64], positives: NDArray[np.int64]
) -> tuple[float, float, float]:
    """The area, and the two parts of its variance: of the positives and of the negatives."""
    n0, n1 = negatives.sum().item(), positives.sum().item()  # expected counts are no integers
    if not n0 or not n1:
        raise OneClassError(n0 + n1)
    below = (np.cumsum(negatives) - negatives / 2) / n0
    above = (n1 - np.cumsum(positives) + positives / 2) / n1
    area = float(below @ positives) / n1
    return area, _variance(below, positives) / n1, _variance(above, negatives) / n0


def _variance(values: NDArray[np.float64], weights: NDArray[np.int64]) -> float:
    n = float(weights.sum())
    if n <= 1:
        return math.nan
    mean = float(values @ weights) / n
    return float((values - mean) ** 2 @ weights) / (n - 1)
