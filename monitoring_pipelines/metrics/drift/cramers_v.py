r"""Cramér's V between period and bin, corrected for bias, as if both periods had equal weight.

With :math:`p` and :math:`q` the shares of rows per bin, :math:`k` occupied bins and
:math:`N = 4 / (1/n + 1/n')`,

.. math::

    \varphi^2 = \tfrac12 \sum_i \frac{(p_i - q_i)^2}{p_i + q_i}, \qquad
    V = \sqrt{\frac{\max\left(0,\; \varphi^2 - \frac{k-1}{N-1}\right)}{1 - \frac{1}{N-1}}}

For samples of equal size this is Bergsma's correction [1]_ of the V of the 2 x k table (but for
tables of hardly more rows than bins, where his denominator would shrink further). The plain V of
the raw counts shrinks as the reference grows against the window, so the same drift would read
0.5 in one and 0.1 in another; shares with equal weight do not have that flaw. It is symmetric,
dimensionless and in [0, 1]; 0 means no more change than chance gives on average, 1 no shared bin.
A numeric column is compared over the reference's deciles.

No value in a period is an error; so are too few rows for the correction (one against one).
Missing values (NaN too) are not compared. Values that tie share a bin, so ties need no rule.

References
----------
.. [1] W. Bergsma, "A bias-correction for Cramér's V and Tschuprow's T", J. Korean Stat. Soc.
   42(3), 323-328, 2013. doi:10.1016/j.jkss.2012.10.002
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import DRIFT, Distribution, DriftMetric
from monitoring_pipelines.metrics.paired import is_fitted, paired_counts
from monitoring_pipelines.stats.noise import divergence_floor
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cramers_v(reference: Distribution, analysis: Distribution) -> float:
    """Corrected V of two summaries over the same bins.

    >>> reference = Histogram(edges=(0.0,), counts=(60, 40))
    >>> analysis = Histogram(edges=(0.0,), counts=(40, 60))
    >>> cramers_v(reference, analysis)  # sqrt((0.04 - 1/199) / (1 - 1/199))
    0.1875
    """
    a, b = paired_counts(reference, analysis)
    return _corrected(float(_phi_squared(a, b)), a, b)


def cramers_v_noise_floor(reference: Distribution, analysis: Distribution, alpha: float) -> float:
    """V that chance alone exceeds with probability `alpha`; shrinks as 1 / sqrt(rows).

    Uncorrected, its square is about ``(1/n + 1/n') * chi2 / 4``.
    """
    a, b = paired_counts(reference, analysis)
    floor = divergence_floor(a, b, alpha, _phi_squared, 1 / 4, fitted=is_fitted(reference))
    return _corrected(floor, a, b)


def cramers_v_expected(_reference: Distribution, _analysis: Distribution) -> float:
    """Zero: the correction has taken away what chance gives."""
    return 0.0


def _phi_squared(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    p = a / a.sum(axis=-1, keepdims=True)
    q = b / b.sum(axis=-1, keepdims=True)
    total = np.where(p + q > 0, p + q, 1.0)
    return np.asarray(np.sum((p - q) ** 2 / total, axis=-1) / 2)


def _corrected(phi_squared: float, a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    weight = 4 / (1 / int(a.sum()) + 1 / int(b.sum())) - 1
    if weight <= 1:
        raise NotApplicableError("one row against one row shows no association")
    occupied = int(np.count_nonzero(a + b))
    excess = max(0.0, phi_squared - (occupied - 1) / weight)
    return min(1.0, math.sqrt(excess / (1 - 1 / weight)))


METRIC = DriftMetric(
    name="cramers_v",
    kinds=(Histogram, Categories),
    bounds=(0.0, 1.0),
    symmetric=True,
    tolerance=0.1,
    compute=cramers_v,
    noise_floor=cramers_v_noise_floor,
    expected=cramers_v_expected,
)
DRIFT.add(METRIC.name, METRIC)
