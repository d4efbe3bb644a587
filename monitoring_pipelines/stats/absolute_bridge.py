r"""Noise floor of the area between two empirical distribution functions.

Without drift the difference of the two functions at the points :math:`x_i` is, for many rows,
:math:`\sqrt{1/n + 1/n'}` times a Gaussian bridge :math:`B` with variance
:math:`F_i (1 - F_i)`. The area :math:`A = \sum_i w_i |B(x_i)|` has the mean
:math:`\sqrt{2 / \pi} \sum_i w_i \sqrt{F_i (1 - F_i)}`. Its quantiles have no formula but for
special weights [1]_, so they are simulated, by importance sampling, which is as precise at alpha
:math:`10^{-6}` as at 0.05: the area is large where the bridge is on one side everywhere, or on
different sides in the lower and the upper half, so most draws are moved there and weighted back by
the balance heuristic [2]_. The quantile is read off at alpha less two of its standard errors. It is
never below that of :math:`|\sum_i w_i B(x_i)| \le A`, which is normal.

Few rows of a skewed distribution are not Gaussian yet, so the term of the Cornish-Fisher expansion
for the skewness of the difference of two means, :math:`(t^2 - 1)\gamma/6` standard errors at the
quantile's place :math:`t`, is added.

References
----------
.. [1] B. McK. Johnson and T. Killeen, "An explicit formula for the c.d.f. of the L1 norm of the
   Brownian bridge", Ann. Probab. 11(3), 807-808, 1983. doi:10.1214/aop/1176993529
.. [2] E. Veach and L. J. Guibas, "Optimally combining sampling techniques for Monte Carlo
   rendering", SIGGRAPH 1995, 419-428. doi:10.1145/218380.218498
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.stats.intervals import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 2_000
SEED = 20260101


def absolute_bridge_quantile(
    cdf: NDArray[np.float64], widths: NDArray[np.float64], alpha: float, sizes: tuple[int, int]
) -> float:
    """Area that chance exceeds with at most `alpha`, for two samples of the given sizes.

    `cdf` is the distribution function of both at the left end of each step of `widths`.

    >>> n = 10**6
    >>> absolute_bridge_quantile(np.array([0.5]), np.array([1.0]), 0.05, (n, n)) * (n / 2) ** 0.5
    0.98
    """
    scale = math.sqrt(1 / sizes[0] + 1 / sizes[1])
    deviation, third = _moments(cdf, widths)
    if deviation == 0:
        return 0.0
    area = max(_simulated(cdf, widths, alpha), deviation * normal_quantile(1 - alpha))
    z = area / deviation
    cumulant = abs(third) * (1 / sizes[0] ** 2 + 1 / sizes[1] ** 2)
    return scale * area + max(z * z - 1, 0.0) / 6 * cumulant / (scale * deviation) ** 2


def _simulated(cdf: NDArray[np.float64], widths: NDArray[np.float64], alpha: float) -> float:
    """Quantile of the area under a Gaussian bridge, for one row (scale 1)."""
    steps = np.diff(cdf, prepend=0.0, append=1.0)
    walk = (_normals(len(steps)) * np.sqrt(steps)).cumsum(axis=1)
    bridge = walk[:, :-1] - walk[:, -1:] * cdf
    # a quarter of the draws stays as it is, half goes to one side, a quarter to two sides
    shares = np.full(DRAWS, 0.25)
    parts = slice(DRAWS // 4, 3 * DRAWS // 4), slice(3 * DRAWS // 4, DRAWS)
    sides = widths, np.where(cdf < 0.5, widths, -widths)  # noqa: PLR2004 - the halves
    moves = [_move(cdf, side, alpha, step_deviation(cdf, widths)) for side in sides]
    for part, (_, to, by) in zip(parts, moves, strict=True):
        bridge[part] += by * to
    for part, (along, _, by) in zip(parts, moves, strict=True):
        share = (part.stop - part.start) / DRAWS
        shares += share * np.cosh(by * (bridge @ along)) * math.exp(-(by**2) / 2)
    area = np.abs(bridge) @ widths
    order = np.argsort(-area)
    weights = 1 / (DRAWS * shares[order])
    beyond = weights.cumsum() + 2 * np.sqrt((weights**2).cumsum())
    return float(area[order[min(int(np.searchsorted(beyond, alpha)), DRAWS - 1)]])


def _move(
    cdf: NDArray[np.float64], weights: NDArray[np.float64], alpha: float, deviation: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """A functional of unit variance, the bridge's mean where it is 1, and how far to go there."""
    below, above = (cdf * weights).cumsum(), weights.sum() - weights.cumsum()
    covariance = below + cdf * (above - cdf @ weights)
    own = math.sqrt(max(float(weights @ covariance), 0.0))
    if own == 0:
        return np.zeros_like(cdf), np.zeros_like(cdf), 0.0
    z = normal_quantile(1 - alpha)
    return weights / own, covariance / own, min(z * deviation / own, 2 * z)


@lru_cache(maxsize=8)
def _normals(n: int) -> NDArray[np.float64]:
    """Draws with a fixed seed, so that the same counts give the same floor; shape (draws, n)."""
    drawn = np.random.default_rng(SEED).standard_normal((DRAWS, n))
    drawn.flags.writeable = False
    return drawn


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
