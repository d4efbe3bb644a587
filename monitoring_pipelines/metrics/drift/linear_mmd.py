r"""Maximum mean discrepancy between the reference's and the analysis's vectors, in linear time.

The sampled rows of either period are taken in pairs, :math:`(x, x')` and :math:`(y, y')`, of the
first and the second half of their hashes, so that no id is paired with itself. With the Gaussian
kernel :math:`k(x, y) = \exp(-\|x - y\|^2 / 2 \sigma^2)`, whose :math:`\sigma` is the median
distance of the reference's vectors and frozen with it,

.. math::

    h_i = k(x, x') + k(y, y') - k(x, y') - k(x', y), \qquad
    \mathrm{MMD} = \sqrt{\max\left(0, \tfrac1m \sum_i h_i\right)}

The mean of the :math:`h_i` estimates the squared distance of the mean embeddings of both
distributions without bias [1]_. It is symmetric, dimensionless and in [0, sqrt 2]: 0 if the
distributions are alike, and with this kernel only then.

The :math:`h_i` are independent, so their mean is asymptotically normal. Without drift exchanging
x and y changes the sign of :math:`h_i`, so it is symmetric, and the sum divided by the root of the
sum of squares has no heavier tail than a normal variable in any even moment [2]_: the noise floor
holds for few rows too. It uses little of what rows can tell, and sees less than the other tests.

No vector in a period is an error; so are fewer than four sampled ones. Missing and malformed
vectors are not compared, ties need no rule.

References
----------
.. [1] A. Gretton, K. M. Borgwardt, M. J. Rasch, B. Schölkopf and A. Smola, "A kernel two-sample
   test", J. Mach. Learn. Res. 13, 723-773, 2012, section 6.
.. [2] B. Efron, "Student's t-test under symmetry conditions", J. Am. Stat. Assoc. 64(328),
   1278-1302, 1969. doi:10.2307/2286068
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from monitoring_pipelines.metrics.base import DRIFT, DriftMetric
from monitoring_pipelines.metrics.paired_vectors import enough, paired_samples
from monitoring_pipelines.summaries.vectors import Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray


def linear_mmd(reference: Vectors, analysis: Vectors) -> float:
    """Discrepancy of the sampled vectors of two periods.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.vectors import VectorMoments, VectorSample, Vectors
    >>> def of(*values):
    ...     rows = np.array(values)[:, None]
    ...     sample = VectorSample.of(np.arange(len(rows)), rows, 9)
    ...     return Vectors(1, 1.0, VectorMoments.of(rows), sample, ())
    >>> linear_mmd(of(0.0, 0.0, 1.0, 1.0), of(2.0, 2.0, 3.0, 3.0))  # sqrt(exp(-1/2) - exp(-9/2))
    0.7716
    """
    return math.sqrt(max(0.0, float(np.mean(_pairs(reference, analysis)))))


def linear_mmd_noise_floor(reference: Vectors, analysis: Vectors, alpha: float) -> float:
    """Discrepancy that chance exceeds with probability `alpha`; as the fourth root of the rows."""
    h = _pairs(reference, analysis)
    return math.sqrt(float(-ndtri(alpha)) * math.sqrt(float(np.sum(h * h))) / len(h))


def linear_mmd_expected(_reference: Vectors, _analysis: Vectors) -> float:
    """Zero: the mean of the pairs has no bias."""
    return 0.0


def _pairs(reference: Vectors, analysis: Vectors) -> NDArray[np.float64]:
    x, y = paired_samples(reference, analysis)
    enough(len(x), len(y), 4, "pairs")
    m = min(len(x), len(y)) // 2
    (x0, x1), (y0, y1) = ((z[:m], z[len(z) - m :]) for z in (x, y))
    scale = -0.5 / reference.bandwidth**2

    def k(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.exp(scale * np.sum((a - b) ** 2, axis=1)))

    return k(x0, x1) + k(y0, y1) - k(x0, y1) - k(x1, y0)


METRIC = DriftMetric(
    name="linear_mmd",
    kinds=(Vectors,),
    bounds=(0.0, math.sqrt(2)),
    symmetric=True,
    tolerance=0.1,
    compute=linear_mmd,
    noise_floor=linear_mmd_noise_floor,
    expected=linear_mmd_expected,
)
DRIFT.add(METRIC.name, METRIC)
