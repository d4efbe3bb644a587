r"""Jensen-Shannon distance between the reference and the analysis distribution of a column.

With :math:`p` and :math:`q` the shares of rows per bin and :math:`m = (p + q)/2`,

.. math::

    d(p, q) = \sqrt{\tfrac12 \sum_i p_i \log_2 \frac{p_i}{m_i}
                  + \tfrac12 \sum_i q_i \log_2 \frac{q_i}{m_i}}

It is symmetric, obeys the triangle inequality [2]_, and stays finite when a bin is empty in one
period, so no share has to be replaced by a made-up small number. It is dimensionless and in
[0, 1]: 0 for equal shares, 1 if no bin is shared. A numeric column is compared over the
reference's deciles.

No value in a period is an error; with one row the number exists and chance explains it. Missing
values (NaN too) are not compared. Values that tie share a bin, so ties need no rule.

References
----------
.. [1] J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory
   37(1), 145-151, 1991. doi:10.1109/18.61115
.. [2] D. M. Endres and J. E. Schindelin, "A new metric for probability distributions", IEEE
   Trans. Inf. Theory 49(7), 1858-1860, 2003. doi:10.1109/TIT.2003.813506
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import rel_entr

from monitoring_pipelines.metrics.base import DRIFT, Distribution, DriftMetric
from monitoring_pipelines.metrics.paired import is_fitted, paired_counts
from monitoring_pipelines.stats.noise import divergence_floor, divergence_mean
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from numpy.typing import NDArray


def jensen_shannon(reference: Distribution, analysis: Distribution) -> float:
    """Distance of two summaries over the same bins; the logarithm has base 2.

    >>> reference = Histogram(edges=(0.0,), counts=(50, 50))
    >>> analysis = Histogram(edges=(0.0,), counts=(100, 0))
    >>> jensen_shannon(reference, analysis)  # sqrt(3/2 - 3/4 log2(3))
    0.5579
    """
    divergence = float(_divergence(*paired_counts(reference, analysis)))
    return math.sqrt(min(max(divergence, 0.0), 1.0))  # rounding may leave [0, 1] by an ulp


def jensen_shannon_noise_floor(
    reference: Distribution, analysis: Distribution, alpha: float
) -> float:
    """Distance that chance alone exceeds with probability `alpha`; shrinks as 1 / sqrt(rows).

    Its square is about ``(1/n + 1/n') * chi2 / (8 ln 2)`` with one degree less than occupied bins.
    """
    a, b = paired_counts(reference, analysis)
    scale = 1 / (8 * math.log(2))
    return math.sqrt(divergence_floor(a, b, alpha, _divergence, scale, fitted=is_fitted(reference)))


def jensen_shannon_expected(reference: Distribution, analysis: Distribution) -> float:
    """Root mean square without drift, about ``sqrt((1/n + 1/n') * (k - 1) / (8 ln 2))``."""
    a, b = paired_counts(reference, analysis)
    return math.sqrt(divergence_mean(a, b, _divergence, 1 / (8 * math.log(2))))


def _divergence(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    p = a / a.sum(axis=-1, keepdims=True)
    q = b / b.sum(axis=-1, keepdims=True)
    m = (p + q) / 2
    return np.asarray(np.sum(rel_entr(p, m) + rel_entr(q, m), axis=-1) / (2 * math.log(2)))


METRIC = DriftMetric(
    name="jensen_shannon",
    kinds=(Histogram, Categories),
    bounds=(0.0, 1.0),
    symmetric=True,
    tolerance=0.1,
    compute=jensen_shannon,
    noise_floor=jensen_shannon_noise_floor,
    expected=jensen_shannon_expected,
)
DRIFT.add(METRIC.name, METRIC)
