r"""Largest Kolmogorov-Smirnov distance of vectors along a few random directions.

With :math:`F_j` and :math:`G_j` the distribution functions of the reference's and the analysis's
vectors along the random direction :math:`j`, at the edges :math:`e_{ji}` of the frame,

.. math::

    D = \max_j \max_i |F_j(e_{ji}) - G_j(e_{ji})|

Two distributions that differ do so along almost every direction [1]_, those outside of the
reference's principal components included, which the other metrics see only by their length. It is
symmetric, dimensionless and in [0, 1]: 0.1 means that a tenth of the vectors moved past one point
of a direction. The noise floor is the inequality of Dvoretzky, Kiefer and Wolfowitz with a share of
alpha for each direction: it holds for every distribution, in any dimension.

No vector in a period is an error; with one the number exists and chance explains it. Missing and
malformed vectors are not compared. Ties share a bin.

References
----------
.. [1] J. A. Cuesta-Albertos, R. Fraiman and T. Ransford, "A sharp form of the Cramér-Wold theorem",
   J. Theor. Probab. 20, 201-209, 2007. doi:10.1007/s10959-007-0060-7
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import kolmogorov

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import DRIFT, DriftMetric
from monitoring_pipelines.metrics.drift.kolmogorov_smirnov import kolmogorov_smirnov
from monitoring_pipelines.metrics.paired_vectors import check_vectors
from monitoring_pipelines.stats.noise import cdf_difference_floor
from monitoring_pipelines.summaries.vectors import Vectors


def projected_kolmogorov_smirnov(reference: Vectors, analysis: Vectors) -> float:
    """Largest distance over the directions.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.histogram import Histogram
    >>> from monitoring_pipelines.summaries.vectors import VectorMoments, VectorSample, Vectors
    >>> def of(*counts):
    ...     rows = np.zeros((100, 1))
    ...     sample = VectorSample.of(np.arange(100), rows, 9)
    ...     along = tuple(Histogram((0.0, 1.0), c) for c in counts)
    ...     return Vectors(1, 1.0, VectorMoments.of(rows), sample, along)
    >>> a, b = of((50, 30, 20), (10, 10, 80)), of((40, 20, 40), (10, 10, 80))
    >>> projected_kolmogorov_smirnov(a, b)
    0.2
    """
    _check(reference, analysis)
    pairs = zip(reference.projections, analysis.projections, strict=True)
    return max(kolmogorov_smirnov(a, b) for a, b in pairs)


def projected_kolmogorov_smirnov_noise_floor(
    reference: Vectors, analysis: Vectors, alpha: float
) -> float:
    """Distance that chance alone exceeds with probability `alpha`; shrinks as 1 / sqrt(rows)."""
    _check(reference, analysis)
    return cdf_difference_floor(reference.n, analysis.n, alpha / len(reference.projections))


def projected_kolmogorov_smirnov_expected(reference: Vectors, analysis: Vectors) -> float:
    """Root mean square without drift, as if the directions were independent.

    The mean of the largest square is the integral of the probability that any is larger.
    """
    _check(reference, analysis)
    steps = np.linspace(0, 4, 401)
    below = (1 - kolmogorov(steps)) ** len(reference.projections)
    square = float(np.trapezoid((1 - below) * 2 * steps, steps))
    return math.sqrt(square * (1 / reference.n + 1 / analysis.n))


def _check(reference: Vectors, analysis: Vectors) -> None:
    check_vectors(reference, analysis)
    if not reference.projections:
        raise NotApplicableError("the frame has no random directions")


METRIC = DriftMetric(
    name="projected_kolmogorov_smirnov",
    kinds=(Vectors,),
    bounds=(0.0, 1.0),
    symmetric=True,
    tolerance=0.1,
    compute=projected_kolmogorov_smirnov,
    noise_floor=projected_kolmogorov_smirnov_noise_floor,
    expected=projected_kolmogorov_smirnov_expected,
)
DRIFT.add(METRIC.name, METRIC)
