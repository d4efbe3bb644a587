r"""Population stability index between the reference and the analysis distribution of a column.

With :math:`p` and :math:`q` the shares of rows per bin of the reference and of the analysis,

.. math::

    \mathrm{PSI} = \sum_i (q_i - p_i) \ln \frac{q_i}{p_i}

It is Jeffreys' divergence [1]_, in nats, at least 0 and symmetric. A numeric column is compared
over the reference's deciles. The logarithm has no value for an empty bin, so shares below 0.0001
count as 0.0001 and the others are not rescaled: a custom, not a theorem, and the reason why one
row in a bin that was empty can weigh more than a moved decile. The customary limits, 0.1 and 0.25,
come from samples of thousands [2]_; chance alone exceeds them in small ones, hence the noise floor.

No value in a period is an error; with one row the number exists and chance explains it. Missing
values (NaN too) are not compared. Values that tie share a bin, so ties need no rule.

References
----------
.. [1] H. Jeffreys, "An invariant form for the prior probability in estimation problems",
   Proc. R. Soc. A 186, 453-461, 1946. doi:10.1098/rspa.1946.0056
.. [2] B. Yurdakul and J. Naranjo, "Statistical properties of the population stability index",
   J. Risk Model Validation 14(4), 2020.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.metrics.base import DRIFT, Distribution, DriftMetric
from monitoring_pipelines.metrics.paired import is_fitted, paired_counts
from monitoring_pipelines.stats.noise import DENSE, divergence_floor, divergence_mean, expected
from monitoring_pipelines.stats.permutation import READ_OFF
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SHARE = 1e-4


def psi(reference: Distribution, analysis: Distribution) -> float:
    """Index of two summaries over the same bins: 0 if the shares are equal.

    >>> reference = Histogram(edges=(0.0,), counts=(50, 50))
    >>> analysis = Histogram(edges=(0.0,), counts=(75, 25))
    >>> psi(reference, analysis)  # ln(3) / 4
    0.27465
    """
    return float(_index(*paired_counts(reference, analysis)))


def psi_noise_floor(reference: Distribution, analysis: Distribution, alpha: float) -> float:
    """Index that chance alone exceeds with probability `alpha`; shrinks as 1 / rows.

    About ``(1/n + 1/n') * chi2`` with one degree less than occupied bins [2]_. In sparse tables a
    bin that is empty by chance lifts the index by a leap, which no smooth tail foretells; what the
    largest bin leaps that may be empty with probability alpha is added.
    """
    a, b = paired_counts(reference, analysis)
    floor = divergence_floor(a, b, alpha, _index, 1.0, fitted=is_fitted(reference))
    return floor + (_leap(a, b, alpha) if alpha < READ_OFF and expected(a, b) < DENSE else 0.0)


def _leap(a: NDArray[np.int64], b: NDArray[np.int64], alpha: float) -> float:
    pooled, n = a + b, min(int(a.sum()), int(b.sum()))
    share = pooled[pooled > 0] / pooled.sum()
    share = share[share < 1]
    empty = share[n * np.log1p(-share) >= math.log(alpha / max(1, len(share)))]
    largest = max(float(empty.max()), LEAST_SHARE) if len(empty) else LEAST_SHARE
    return (largest - LEAST_SHARE) * math.log(largest / LEAST_SHARE)


def psi_expected(reference: Distribution, analysis: Distribution) -> float:
    """Mean index without drift, about ``(1/n + 1/n') * (k - 1)`` [2]_."""
    return divergence_mean(*paired_counts(reference, analysis), _index, 1.0)


def _index(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    p = np.maximum(a / a.sum(axis=-1, keepdims=True), LEAST_SHARE)
    q = np.maximum(b / b.sum(axis=-1, keepdims=True), LEAST_SHARE)
    return np.asarray(np.sum((q - p) * np.log(q / p), axis=-1))


METRIC = DriftMetric(
    name="psi",
    kinds=(Histogram, Categories),
    bounds=(0.0, math.inf),
    symmetric=True,
    tolerance=0.1,
    compute=psi,
    noise_floor=psi_noise_floor,
    expected=psi_expected,
    additive=True,
)
DRIFT.add(METRIC.name, METRIC)
