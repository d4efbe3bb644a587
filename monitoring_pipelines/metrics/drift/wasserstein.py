r"""Area between the two distribution functions, in standard deviations of the reference.

With :math:`F` and :math:`G` the shares of values at or below a point, over the fine edges
:math:`e_0 < \dots < e_m`,

.. math::

    W = \frac{1}{s} \sum_{i < m} |F(e_i) - G(e_i)| \, (e_{i+1} - e_i)

It is the Wasserstein distance of order 1, the mean way that values have to be moved, after every
value was moved up to the next edge, and values beyond the last edge down to it; :math:`s` is the
standard deviation of the reference after the same. So it is exact if every distinct value has its
own edge, and one absurd value cannot make it large. It is dimensionless and at least 0; it is not
symmetric, because the reference gives the unit. A shift of all values by a tenth of a standard
deviation gives about 0.1.

No value in a period is an error, and so is a reference without spread between its edges, which has
no unit. With one row the number exists and chance explains it. Missing values (NaN too) are not
compared. Ties need no rule.

References
----------
.. [1] S. S. Vallender, "Calculation of the Wasserstein distance between probability distributions
   on the line", Theory Probab. Appl. 18(4), 784-786, 1974. doi:10.1137/1118101
"""

from __future__ import annotations

import math

import numpy as np

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import DRIFT, DriftMetric
from monitoring_pipelines.metrics.paired import fine_counts
from monitoring_pipelines.stats.absolute_bridge import (
    absolute_bridge_mean,
    absolute_bridge_quantile,
    step_deviation,
)
from monitoring_pipelines.summaries.histogram import Histogram


def wasserstein(reference: Histogram, analysis: Histogram) -> float:
    """Distance of two histograms over the same edges, in the reference's standard deviations.

    >>> reference = Histogram(edges=(0.0, 1.0), counts=(50, 50, 0))
    >>> analysis = Histogram(edges=(0.0, 1.0), counts=(40, 60, 0))
    >>> wasserstein(reference, analysis)  # a tenth of the rows moved by 1, which is 2 s
    0.2
    """
    a, b = fine_counts(reference, analysis)
    f, g = np.cumsum(a)[:-2] / a.sum(), np.cumsum(b)[:-2] / b.sum()
    widths = np.diff(reference.edges)
    return float(widths @ np.abs(f - g)) / _unit(reference)


def wasserstein_noise_floor(reference: Histogram, analysis: Histogram, alpha: float) -> float:
    """Distance that chance alone exceeds with at most `alpha`; shrinks as 1 / sqrt(rows).

    The area under a Gaussian bridge: see `monitoring_pipelines.stats.absolute_bridge`.
    """
    a, b = fine_counts(reference, analysis)
    pooled = np.cumsum(a + b)[:-2] / (a + b).sum()
    sizes = int(a.sum()), int(b.sum())
    area = absolute_bridge_quantile(pooled, np.diff(reference.edges), alpha, sizes)
    return area / _unit(reference)


def wasserstein_expected(reference: Histogram, analysis: Histogram) -> float:
    """Mean distance without drift, which is a little below the root mean square."""
    a, b = fine_counts(reference, analysis)
    pooled = np.cumsum(a + b)[:-2] / (a + b).sum()
    sizes = int(a.sum()), int(b.sum())
    return absolute_bridge_mean(pooled, np.diff(reference.edges), sizes) / _unit(reference)


def _unit(reference: Histogram) -> float:
    cdf = np.cumsum(reference.counts)[:-2] / reference.n
    spread = step_deviation(cdf, np.diff(reference.edges)) if len(cdf) else 0.0
    if not spread > 0:
        raise NotApplicableError("the reference has no spread between its edges")
    return spread


METRIC = DriftMetric(
    name="wasserstein",
    kinds=(Histogram,),
    bounds=(0.0, math.inf),
    symmetric=False,
    tolerance=0.1,
    compute=wasserstein,
    noise_floor=wasserstein_noise_floor,
    expected=wasserstein_expected,
    weight=60,  # soonest for most shifts of a number: three quarters of the column's share
)
DRIFT.add(METRIC.name, METRIC)
