r"""Largest difference between the reference's and the analysis's distribution functions.

With :math:`F` and :math:`G` the shares of values at or below a point, over the fine edges
:math:`e_i`,

.. math::

    D = \max_i |F(e_i) - G(e_i)|

It is a lower bound of the Kolmogorov-Smirnov statistic of the rows, and equal to it if every
distinct value has its own edge; between two edges it can miss at most the share of one fine bin. It
is symmetric, dimensionless and in [0, 1]: 0.1 means that a tenth of the rows moved past one point.
It has no meaning for categories, which have no order.

No value in a period is an error; with one row the number exists and chance explains it. Missing
values (NaN too) are not compared. Values that tie share a bin; the inequality behind the noise
floor holds with any ties.

References
----------
.. [1] N. Smirnov, "Table for estimating the goodness of fit of empirical distributions", Ann.
   Math. Stat. 19(2), 279-281, 1948. doi:10.1214/aoms/1177730256
"""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.metrics.base import DRIFT, DriftMetric
from monitoring_pipelines.metrics.paired import fine_counts
from monitoring_pipelines.stats.noise import cdf_difference_floor, cdf_difference_size
from monitoring_pipelines.summaries.histogram import Histogram


def kolmogorov_smirnov(reference: Histogram, analysis: Histogram) -> float:
    """Largest difference of the distribution functions at the edges.

    >>> reference = Histogram(edges=(0.0, 1.0), counts=(50, 30, 20))
    >>> analysis = Histogram(edges=(0.0, 1.0), counts=(40, 20, 40))
    >>> kolmogorov_smirnov(reference, analysis)
    0.2
    """
    a, b = fine_counts(reference, analysis)
    gap = np.abs(np.cumsum(a) / a.sum() - np.cumsum(b) / b.sum())
    return float(gap.max())


def kolmogorov_smirnov_noise_floor(
    reference: Histogram, analysis: Histogram, alpha: float
) -> float:
    """Difference that chance alone exceeds with probability `alpha`; shrinks as 1 / sqrt(rows)."""
    a, b = fine_counts(reference, analysis)
    return cdf_difference_floor(int(a.sum()), int(b.sum()), alpha)


def kolmogorov_smirnov_expected(reference: Histogram, analysis: Histogram) -> float:
    """Root mean square without drift, of values without ties."""
    a, b = fine_counts(reference, analysis)
    return cdf_difference_size(int(a.sum()), int(b.sum()))


METRIC = DriftMetric(
    name="kolmogorov_smirnov",
    kinds=(Histogram,),
    bounds=(0.0, 1.0),
    symmetric=True,
    tolerance=0.1,
    compute=kolmogorov_smirnov,
    noise_floor=kolmogorov_smirnov_noise_floor,
    expected=kolmogorov_smirnov_expected,
    weight=1,  # what it sees `wasserstein` mostly sees before
)
DRIFT.add(METRIC.name, METRIC)
