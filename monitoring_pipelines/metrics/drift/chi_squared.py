r"""Pearson's statistic of homogeneity between the reference and the analysis.

With :math:`a_i` and :math:`b_i` the counts per bin of samples of size :math:`n` and :math:`n'`,

.. math::

    X^2 = \frac{1}{n\,n'} \sum_i \frac{(n' a_i - n\, b_i)^2}{a_i + b_i}

It is the statistic of the 2 x k table without continuity correction, symmetric and at least 0;
bins that are empty in both do not count. Both samples are random here: taking the reference as
exact, as a goodness-of-fit test does, gives false alarms as soon as the analysis is not much
smaller. It measures evidence, not size: it grows with the number of rows, so its tolerance is 0
and it should not decide alone. Its effect size is `monitoring_pipelines.metrics.drift.cramers_v`.

No value in a period is an error; with one row the number exists and chance explains it. Missing
values (NaN too) are not compared. Values that tie share a bin, so ties need no rule.

References
----------
.. [1] K. Pearson, "On the probability that two independent distributions of frequency are really
   samples from the same population", Biometrika 8(1-2), 250-254, 1911.
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


def chi_squared(reference: Distribution, analysis: Distribution) -> float:
    """Statistic of the table of both samples over the same bins.

    >>> reference = Histogram(edges=(0.0,), counts=(50, 50))
    >>> analysis = Histogram(edges=(0.0,), counts=(30, 10))
    >>> chi_squared(reference, analysis)  # (40*50 - 100*30)^2/80/4000 + (40*50 - 100*10)^2/60/4000
    7.2917
    """
    return float(_statistic(*paired_counts(reference, analysis)))


def chi_squared_noise_floor(reference: Distribution, analysis: Distribution, alpha: float) -> float:
    """Statistic that chance alone exceeds with probability `alpha`: it does not shrink with rows.

    The chi-squared quantile with one degree less than occupied bins; simulated in sparse tables.
    """
    a, b = paired_counts(reference, analysis)
    harmonic = 1 / (1 / int(a.sum()) + 1 / int(b.sum()))
    return divergence_floor(a, b, alpha, _statistic, harmonic, fitted=is_fitted(reference))


def chi_squared_expected(reference: Distribution, analysis: Distribution) -> float:
    """Mean statistic without drift: about one less than the occupied bins."""
    a, b = paired_counts(reference, analysis)
    return divergence_mean(a, b, _statistic, 1 / (1 / int(a.sum()) + 1 / int(b.sum())))


def _statistic(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    n = a.sum(axis=-1, keepdims=True).astype(np.float64)
    m = b.sum(axis=-1, keepdims=True).astype(np.float64)
    gaps = (m * a - n * b) ** 2 / np.maximum(a + b, 1)
    return np.asarray(np.sum(gaps / (n * m), axis=-1))


METRIC = DriftMetric(
    name="chi_squared",
    kinds=(Histogram, Categories),
    bounds=(0.0, math.inf),
    symmetric=True,
    tolerance=0.0,
    compute=chi_squared,
    noise_floor=chi_squared_noise_floor,
    expected=chi_squared_expected,
    additive=True,
)
DRIFT.add(METRIC.name, METRIC)
