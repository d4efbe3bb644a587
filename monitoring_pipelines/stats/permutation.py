r"""What chance alone gives when two samples are drawn from one distribution.

Given the counts of both samples together, and no drift, every assignment of the rows to the two
samples is equally likely: the analysis counts are multivariate hypergeometric, whatever the
distribution was. So a quantile over such assignments is exceeded with probability at most alpha,
also when bins are sparse, without a guess of the true shares.

That holds for levels and for bins that were fixed beforehand. Bins that are quantiles of the
reference itself are another matter: the reference's counts are then no chance at all, and the true
shares of its bins are. Between order statistics of continuous values these shares are Dirichlet
distributed [2]_, so the window's counts are Dirichlet-multinomial, whatever the distribution was.

The draws are made with a fixed seed: the same counts always give the same quantile, and a quantile
that came out too low would stay so; hence it is read off at alpha less two of its standard errors.
Below alpha = 20 / 2001 it is extrapolated: beyond the 50 largest draws the tail is taken as
exponential, with its scale raised by two of its standard errors, and it is never below what can
be read off the draws.

References
----------
.. [1] J. Besag and P. Clifford, "Generalized Monte Carlo significance tests", Biometrika 76(4),
   633-642, 1989. doi:10.1093/biomet/76.4.633
.. [2] S. S. Wilks, "Mathematical Statistics", section 8.7, Wiley, 1962.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Statistic = Callable[[Counts, Counts], NDArray[np.float64]]

DRAWS = 2_000
TAIL = 50  # the largest draws, which the tail is fitted to
ENOUGH = 20  # as many draws beyond a quantile as it needs to be read off
READ_OFF = ENOUGH / (DRAWS + 1)  # smaller probabilities are extrapolated
SEED = 20260101
MOST_ROWS = 10**9  # numpy's limit for hypergeometric draws


def permutation_quantile(a: Counts, b: Counts, alpha: float, statistic: Statistic) -> float:
    """Value of ``statistic(a, b)`` that chance exceeds with probability `alpha`.

    `a` and `b` are counts over the same bins; `statistic` takes them with shape (draws, bins).

    >>> top = permutation_quantile(
    ...     np.array([50, 50]), np.array([5, 5]), 0.05, lambda a, b: np.abs(b[..., 0] - 5.0)
    ... )
    >>> round(top)  # of ten rows, 5 ± 3: more would need 9 or 1 of a kind
    3
    """
    values = _assigned(_occupied(a + b), int(b.sum()), statistic)
    return upper_quantile(values, alpha) * (1 + 1e-9)  # ties may differ in the last digits


def permutation_mean(a: Counts, b: Counts, statistic: Statistic, power: int = 1) -> float:
    """Mean of a power of ``statistic(a, b)`` without drift."""
    return float(np.mean(_assigned(_occupied(a + b), int(b.sum()), statistic) ** power))


def predictive_quantile(a: Counts, b: Counts, alpha: float, statistic: Statistic) -> float:
    """The same where the bins are quantiles of the sample that `a` counts.

    >>> top = predictive_quantile(
    ...     np.array([50, 50]), np.array([5, 5]), 0.05, lambda a, b: np.abs(b[..., 0] - 5.0)
    ... )
    >>> round(top)
    3
    """
    values = _predicted(tuple(a[a + b > 0].tolist()), int(b.sum()), statistic)
    return upper_quantile(values, alpha) * (1 + 1e-9)


def _occupied(counts: Counts) -> tuple[int, ...]:
    return tuple(counts[counts > 0].tolist())


@lru_cache(maxsize=16)  # the floor and the mean of a metric in turn
def _assigned(pooled: tuple[int, ...], n: int, statistic: Statistic) -> NDArray[np.float64]:
    drawn = assignments(pooled, n)
    return statistic(np.asarray(pooled) - drawn, drawn)


@lru_cache(maxsize=16)
def _predicted(counts: tuple[int, ...], n: int, statistic: Statistic) -> NDArray[np.float64]:
    drawn = predicted(counts, n)
    return statistic(np.broadcast_to(np.asarray(counts), drawn.shape), drawn)


@lru_cache(maxsize=8)
def predicted(counts: tuple[int, ...], n: int) -> Counts:
    """`n` new rows in bins between order statistics with `counts` rows; shape (draws, bins)."""
    rng = np.random.default_rng(SEED)
    shares = rng.standard_gamma(np.asarray(counts, dtype=np.float64), size=(DRAWS, len(counts)))
    shares /= shares.sum(axis=1, keepdims=True)
    drawn = rng.multinomial(n, shares)
    drawn.flags.writeable = False
    return drawn


@lru_cache(maxsize=8)
def assignments(pooled: tuple[int, ...], n: int) -> Counts:
    """`n` of the `pooled` rows, drawn many times without replacement; shape (draws, bins)."""
    rng = np.random.default_rng(SEED)
    colours = np.asarray(pooled, dtype=np.int64)
    if colours.sum() < MOST_ROWS:
        drawn = rng.multivariate_hypergeometric(colours, n, size=DRAWS, method="marginals")
    else:  # so many rows that drawing with replacement is the same
        drawn = np.minimum(rng.multinomial(n, colours / colours.sum(), size=DRAWS), colours)
    drawn.flags.writeable = False
    return drawn


def upper_quantile(values: NDArray[np.float64], alpha: float) -> float:
    """Order statistic of simulated `values`, or its extrapolation for a small `alpha`.

    >>> upper_quantile(np.arange(1.0, 4_001.0), 0.05)  # ceil((1 - 0.05 + 2 * 0.00345) * 4001)
    3829.0
    """
    ordered = np.sort(values)
    n = len(ordered)
    if alpha * (n + 1) >= ENOUGH:
        alpha -= 2 * math.sqrt(alpha * (1 - alpha) / n)
        return float(ordered[min(math.ceil((1 - alpha) * (n + 1)), n) - 1])
    base = float(ordered[-TAIL - 1])
    scale = (1 + 2 / math.sqrt(TAIL)) * float(np.mean(ordered[-TAIL:] - base))
    read = float(ordered[-max(1, math.floor(alpha * (n + 1)))])
    return max(read, base + scale * math.log(TAIL / (n + 1) / alpha))
