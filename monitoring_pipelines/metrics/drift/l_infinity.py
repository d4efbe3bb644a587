r"""Largest change of a single share between the reference and the analysis.

With :math:`p` and :math:`q` the shares of rows per bin,

.. math::

    L_\infty(p, q) = \max_i |p_i - q_i|

It is symmetric, dimensionless and in [0, 1], and reads without statistics: 0.1 means that ten rows
in a hundred entered or left one level. Many small moves leave it small. A numeric column is
compared over the reference's deciles.

No value in a period is an error; with one row the number exists and chance explains it. Missing
values (NaN too) are not compared. Values that tie share a bin, so ties need no rule.

References
----------
.. [1] E. Breck, N. Polyzotis, S. Roy, S. E. Whang and M. Zinkevich, "Data validation for machine
   learning", Proc. MLSys 1, 334-347, 2019.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.metrics.base import DRIFT, Distribution, DriftMetric
from monitoring_pipelines.metrics.paired import is_fitted, paired_counts
from monitoring_pipelines.stats.noise import largest_difference_floor, largest_difference_size
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from numpy.typing import NDArray


def l_infinity(reference: Distribution, analysis: Distribution) -> float:
    """Largest difference of the shares of one bin.

    >>> reference = Histogram(edges=(0.0, 1.0), counts=(50, 30, 20))
    >>> analysis = Histogram(edges=(0.0, 1.0), counts=(50, 10, 40))
    >>> l_infinity(reference, analysis)
    0.2
    """
    return float(_largest(*paired_counts(reference, analysis)))


def l_infinity_noise_floor(reference: Distribution, analysis: Distribution, alpha: float) -> float:
    """Difference that chance alone exceeds with probability `alpha`; shrinks as 1 / sqrt(rows)."""
    a, b = paired_counts(reference, analysis)
    return largest_difference_floor(a, b, alpha, _largest, fitted=is_fitted(reference))


def l_infinity_expected(reference: Distribution, analysis: Distribution) -> float:
    """Root mean square without drift."""
    return largest_difference_size(*paired_counts(reference, analysis), _largest)


def _largest(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    p = a / a.sum(axis=-1, keepdims=True)
    q = b / b.sum(axis=-1, keepdims=True)
    return np.asarray(np.abs(p - q).max(axis=-1))


METRIC = DriftMetric(
    name="l_infinity",
    kinds=(Histogram, Categories),
    bounds=(0.0, 1.0),
    symmetric=True,
    tolerance=0.1,
    compute=l_infinity,
    noise_floor=l_infinity_noise_floor,
    expected=l_infinity_expected,
    weight=1,  # it is the last to see most shifts
)
DRIFT.add(METRIC.name, METRIC)
