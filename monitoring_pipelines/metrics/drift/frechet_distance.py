r"""Fréchet distance between the reference's and the analysis's vectors, as if both were normal.

With means :math:`\mu, \nu` and covariances :math:`C, D` of the vectors in the reference's frame,

.. math::

    d^2 = \|\mu - \nu\|^2 + \operatorname{tr}\left(C + D - 2\,(C^{1/2} D\, C^{1/2})^{1/2}\right)

It is the 2-Wasserstein distance of two normal distributions [1]_, and the FID of images if the
vectors are those of the Inception network [2]_. The unit is the root mean square distance of the
reference's vectors from their mean: 0.1 means that the middle moved by a tenth of it, or that the
cloud's extent changed as much. It is symmetric and at least 0.

Chance alone gives much: every covariance of few rows is wrong, and always in the direction of a
difference. Without drift each assignment of the rows to the two periods is equally likely, so
what chance gives is seen by assigning the rows of both samples anew, a thousand times. The distance
itself is that of all rows. Of more rows than are sampled chance gives less, by the ratio of
:math:`1/n + 1/n'` if the vectors have a fourth moment; the mean makes use of that, and the noise
floor does not, so it holds for tails of any weight.

No vector in a period is an error; so is one alone, which has no spread. Missing and malformed
vectors are not compared. Vectors that are all alike are at the distance of their means.

References
----------
.. [1] D. C. Dowson and B. V. Landau, "The Fréchet distance between multivariate normal
   distributions", J. Multivar. Anal. 12(3), 450-455, 1982. doi:10.1016/0047-259X(82)90077-X
.. [2] M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler and S. Hochreiter, "GANs trained by a two
   time-scale update rule converge to a local Nash equilibrium", NeurIPS 2017. arXiv:1706.08500
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.metrics.base import DRIFT, DriftMetric
from monitoring_pipelines.metrics.paired_vectors import check_vectors, enough
from monitoring_pipelines.stats.permutation import upper_quantile
from monitoring_pipelines.summaries.vectors import Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.vectors import VectorSample

DRAWS = 1_000
FEW_DRAWS = 100  # for a mean
SEED = 20260101
# squares below this share of the variance are rounding
ROUNDING = 1e-9


def frechet_distance(reference: Vectors, analysis: Vectors) -> float:
    """Distance of the vectors of two periods.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.vectors import VectorMoments, VectorSample, Vectors
    >>> def of(*values):
    ...     rows = np.array(values)[:, None]
    ...     sample = VectorSample.of(np.arange(len(rows)), rows, 9)
    ...     return Vectors(1, 1.0, VectorMoments.of(rows), sample, ())
    >>> frechet_distance(of(-1.0, 1.0), of(1.0, 5.0))  # sqrt((3 - 0)^2 + (2 - 1)^2)
    3.1623
    """
    check_vectors(reference, analysis)
    enough(reference.n, analysis.n, 2, "a spread")
    a, b = reference.moments, analysis.moments
    means, covariances = (a.mean[None], b.mean[None]), (a.covariance[None], b.covariance[None])
    return math.sqrt(float(_squared(means, covariances)[0]))


def frechet_distance_noise_floor(reference: Vectors, analysis: Vectors, alpha: float) -> float:
    """Distance that chance exceeds with probability `alpha`; as 1 / sqrt(rows of the sample)."""
    check_vectors(reference, analysis)
    return math.sqrt(upper_quantile(_assigned(reference.sample, analysis.sample, DRAWS), alpha))


def frechet_distance_expected(reference: Vectors, analysis: Vectors) -> float:
    """Root mean square distance without drift."""
    check_vectors(reference, analysis)
    drawn = _assigned(reference.sample, analysis.sample, FEW_DRAWS)
    sampled = 1 / reference.sample.n + 1 / analysis.sample.n
    return math.sqrt(float(np.mean(drawn)) * (1 / reference.n + 1 / analysis.n) / sampled)


@lru_cache(maxsize=8)  # the floor of several alphas, and the mean
def _assigned(a: VectorSample, b: VectorSample, draws: int) -> NDArray[np.float64]:
    """Squared distances of the pooled rows, assigned anew; shape (draws,)."""
    rows, m = np.concatenate([a.rows, b.rows]), min(a.n, b.n)
    rows = rows - rows.mean(axis=0)
    n, s = rows.shape
    taken = np.zeros((draws, n))
    taken[:, :m] = 1.0
    taken = np.random.default_rng(SEED).permuted(taken, axis=1)
    upper = np.triu_indices(s)
    products = rows[:, upper[0]] * rows[:, upper[1]]
    means, covariances = [], []
    for size, side in ((m, taken), (n - m, 1 - taken)):
        mean = side @ rows / size
        square = np.empty((draws, s, s))
        square[:, upper[0], upper[1]] = square[:, upper[1], upper[0]] = side @ products / size
        means.append(mean)
        covariances.append(square - mean[:, :, None] * mean[:, None, :])
    return _squared((means[0], means[1]), (covariances[0], covariances[1]))


def _squared(
    means: tuple[NDArray[np.float64], NDArray[np.float64]],
    covariances: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Squared distances of stacks of means (k, s) and covariances (k, s, s)."""
    c, d = covariances
    root = _root(c)
    product = root.transpose(0, 2, 1) @ d @ root  # has the eigenvalues of the matrix above
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(product), 0)).sum(axis=1)
    traces = np.trace(c, axis1=1, axis2=2) + np.trace(d, axis1=1, axis2=2)
    spread = traces - 2 * shared
    spread = np.where(spread > ROUNDING * traces, spread, 0.0)
    return np.asarray(np.sum((means[0] - means[1]) ** 2, axis=1) + spread)


def _root(c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Some root R with R R' = C."""
    try:
        return np.asarray(np.linalg.cholesky(c), dtype=np.float64)  # sixty times as fast
    except np.linalg.LinAlgError:  # a direction without spread
        values, vectors = np.linalg.eigh(c)
        return np.asarray(vectors * np.sqrt(np.maximum(values, 0))[:, None, :])


METRIC = DriftMetric(
    name="frechet_distance",
    kinds=(Vectors,),
    bounds=(0.0, math.inf),
    symmetric=True,
    tolerance=0.1,
    compute=frechet_distance,
    noise_floor=frechet_distance_noise_floor,
    expected=frechet_distance_expected,
)
DRIFT.add(METRIC.name, METRIC)
