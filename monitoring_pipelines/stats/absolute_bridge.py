r"""Noise floor of the area between two empirical distribution functions.

Without drift the difference of the two functions at the points :math:`x_i` is, for many rows,
:math:`\sqrt{1/n + 1/n'}` times a Gaussian bridge :math:`B` with variance
:math:`F_i (1 - F_i)`. The area :math:`A = \sum_i w_i |B(x_i)|` has

.. math::

    E A = \sqrt{2 / \pi} \sum_i w_i \sqrt{F_i (1 - F_i)}, \qquad
    \Pr(A > E A + t \sigma) \le 1 - \Phi(t),

where :math:`\sigma^2` is the largest variance of a signed sum :math:`\sum_i \pm w_i B(x_i)`. All
covariances are positive, so that is the variance of the distribution itself. The inequality is
Gaussian concentration around the median [1]_, and a convex function's median is not above its
mean [2]_. It is conservative: at alpha 0.05 by about a third of the floor. Few rows of a skewed
distribution are not Gaussian yet, so the term of the Cornish-Fisher expansion for the skewness of
the difference of two means, :math:`(t^2 - 1)\gamma/6` standard errors, is added.

References
----------
.. [1] C. Borell, "The Brunn-Minkowski inequality in Gauss space", Invent. Math. 30, 207-216,
   1975. doi:10.1007/BF01425510
.. [2] S. Kwapien, "A remark on the median and the expectation of convex functions of Gaussian
   vectors", in Probability in Banach Spaces 9, 271-272, 1994.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.stats.intervals import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray


def absolute_bridge_quantile(
    cdf: NDArray[np.float64], widths: NDArray[np.float64], alpha: float, sizes: tuple[int, int]
) -> float:
    """Area that chance exceeds with at most `alpha`, for two samples of the given sizes.

    `cdf` is the distribution function of both at the left end of each step of `widths`.

    >>> n = 10**6
    >>> absolute_bridge_quantile(np.array([0.5]), np.array([1.0]), 0.05, (n, n)) * (n / 2) ** 0.5
    1.2214
    """
    scale = math.sqrt(1 / sizes[0] + 1 / sizes[1])
    deviation, third = _moments(cdf, widths)
    z = max(0.0, normal_quantile(1 - 2 * alpha))
    arm = absolute_bridge_mean(cdf, widths, sizes) + z * scale * deviation
    if deviation == 0:
        return arm
    cumulant = abs(third) * (1 / sizes[0] ** 2 + 1 / sizes[1] ** 2)
    return arm + max(z * z - 1, 0.0) / 6 * cumulant / (scale * deviation) ** 2


def absolute_bridge_mean(
    cdf: NDArray[np.float64], widths: NDArray[np.float64], sizes: tuple[int, int]
) -> float:
    """Mean of the same area."""
    area = math.sqrt(2 / math.pi) * float(widths @ np.sqrt(cdf * (1 - cdf)))
    return math.sqrt(1 / sizes[0] + 1 / sizes[1]) * area


def step_deviation(cdf: NDArray[np.float64], widths: NDArray[np.float64]) -> float:
    """Standard deviation of the step distribution: mass at both ends of the steps.

    >>> step_deviation(np.array([0.5]), np.array([1.0]))
    0.5
    """
    return _moments(cdf, widths)[0]


def _moments(cdf: NDArray[np.float64], widths: NDArray[np.float64]) -> tuple[float, float]:
    """Standard deviation and third central moment of the step distribution."""
    points = np.concatenate([[0.0], np.cumsum(widths)])
    mass = np.diff(np.concatenate([[0.0], cdf, [1.0]]))
    centred = points - float(points @ mass)
    return math.sqrt(max(float(centred**2 @ mass), 0.0)), float(centred**3 @ mass)
