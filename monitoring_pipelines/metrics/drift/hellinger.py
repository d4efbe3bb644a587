r"""Hellinger distance between the reference and the analysis distribution of a column.

With :math:`p` and :math:`q` the shares of rows per bin,

.. math::

    H(p, q) = \sqrt{1 - \sum_i \sqrt{p_i q_i}}
            = \sqrt{\tfrac12 \sum_i \left(\sqrt{p_i} - \sqrt{q_i}\right)^2}

It is a metric, symmetric, dimensionless and in [0, 1]: 0 for equal shares, 1 if no bin is shared.
The second form is computed, since it is exactly 0 for equal shares. A numeric column is compared
over the reference's deciles.

No value in a period is an error; with one row the number exists and chance explains it. Missing
values (NaN too) are not compared. Values that tie share a bin, so ties need no rule.

References
----------
.. [1] L. Le Cam and G. L. Yang, "Asymptotics in Statistics", 2nd edition, chapter 3, Springer,
   2000. doi:10.1007/978-1-4612-1166-2
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.metrics.base import DRIFT, Distribution, DriftMetric
from monitoring_pipelines.metrics.paired import is_fitted, paired_counts
from monitoring_pipelines.stats.noise import divergence_floor, divergence_mean
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from numpy.typing import NDArray


def hellinger(reference: Distribution, analysis: Distribution) -> float:
    """Distance of two summaries over the same bins.

    >>> reference = Histogram(edges=(0.0,), counts=(50, 50))
    >>> analysis = Histogram(edges=(0.0,), counts=(100, 0))
    >>> hellinger(reference, analysis)  # sqrt(1 - sqrt(1/2))
    0.5412
    """
    return math.sqrt(min(1.0, float(_squared(*paired_counts(reference, analysis)))))


def hellinger_noise_floor(reference: Distribution, analysis: Distribution, alpha: float) -> float:
    """Distance that chance alone exceeds with probability `alpha`; shrinks as 1 / sqrt(rows).

    Its square is about ``(1/n + 1/n') * chi2 / 8`` with one degree less than occupied bins.
    """
    a, b = paired_counts(reference, analysis)
    return math.sqrt(divergence_floor(a, b, alpha, _squared, 1 / 8, fitted=is_fitted(reference)))


def hellinger_expected(reference: Distribution, analysis: Distribution) -> float:
    """Root mean square without drift, about ``sqrt((1/n + 1/n') * (k - 1) / 8)``."""
    return math.sqrt(divergence_mean(*paired_counts(reference, analysis), _squared, 1 / 8))


def _squared(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    p = a / a.sum(axis=-1, keepdims=True)
    q = b / b.sum(axis=-1, keepdims=True)
    return np.asarray(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2, axis=-1) / 2)


METRIC = DriftMetric(
    name="hellinger",
    kinds=(Histogram, Categories),
    bounds=(0.0, 1.0),
    symmetric=True,
    tolerance=0.1,
    compute=hellinger,
    noise_floor=hellinger_noise_floor,
    expected=hellinger_expected,
)
DRIFT.add(METRIC.name, METRIC)
