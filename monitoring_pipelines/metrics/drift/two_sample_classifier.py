r"""How well a classifier tells the analysis's vectors from the reference's.

Half of the sampled rows of either period, by a bit of their hash, train a linear discriminant
(with Ledoit and Wolf's shrinkage) on the coordinates and their squares, so that it sees moves and
changes of extent; the other half is what it is judged by. With :math:`A` its area under the ROC
curve there,

.. math::

    D = \max(0,\; 2 A - 1)

It is symmetric, dimensionless and in [0, 1]: 0 if the classifier does no better than a coin, 1 if
it tells every vector. Given the classifier, the rows of the judged half are independent, and
without drift exchangeable, so :math:`A` has the distribution of the Mann-Whitney statistic [2]_.
Folds that train and judge in turn would use more of the rows, and depend on each other. All rows of
an id are in one half.

No vector in a period is an error; so are fewer than twenty sampled ones in either half, for the
training or the judgement. Missing and malformed vectors are not compared. Ties count half.

References
----------
.. [1] D. Lopez-Paz and M. Oquab, "Revisiting classifier two-sample tests", ICLR 2017.
   arXiv:1610.06545
.. [2] H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is
   stochastically larger than the other", Ann. Math. Stat. 18(1), 50-60, 1947.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from monitoring_pipelines.metrics.base import DRIFT, DriftMetric
from monitoring_pipelines.metrics.paired_vectors import check_vectors, enough
from monitoring_pipelines.stats.delong import delong
from monitoring_pipelines.summaries.vectors import Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.vectors import VectorSample

Counts = tuple["NDArray[np.int64]", "NDArray[np.int64]"]
LEAST = 20


def two_sample_classifier(reference: Vectors, analysis: Vectors) -> float:
    """Twice the area less one, of rows that the classifier did not see.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.vectors import VectorMoments, VectorSample, Vectors
    >>> def of(rows):
    ...     sample = VectorSample.of(np.arange(len(rows)), rows, 200)
    ...     return Vectors(2, 1.0, VectorMoments.of(rows), sample, ())
    >>> rows = np.random.default_rng(0).uniform(size=(80, 2))
    >>> two_sample_classifier(of(rows), of(rows)), two_sample_classifier(of(rows), of(rows + 2))
    (0.0, 1.0)
    """
    area, _ = delong(*_judged(reference, analysis))
    return max(0.0, 2 * area - 1)


def two_sample_classifier_noise_floor(reference: Vectors, analysis: Vectors, alpha: float) -> float:
    """Value that chance alone exceeds with probability `alpha`; shrinks as 1 / sqrt(rows)."""
    return min(1.0, float(-ndtri(alpha)) * 2 * _error(reference, analysis))


def two_sample_classifier_expected(reference: Vectors, analysis: Vectors) -> float:
    """Root mean square without drift: half of all values are below 0, and count as 0."""
    return math.sqrt(2) * _error(reference, analysis)


def _error(reference: Vectors, analysis: Vectors) -> float:
    """Standard error of the area without drift, with ties."""
    a, b = _judged(reference, analysis)
    n0, n1 = int(a.sum()), int(b.sum())
    n, tied = n0 + n1, (a + b).astype(np.float64)
    spread = n + 1 - float(np.sum(tied**3 - tied)) / (n * (n - 1))
    return math.sqrt(max(spread, 0.0) / (12 * n0 * n1))


def _judged(reference: Vectors, analysis: Vectors) -> Counts:
    check_vectors(reference, analysis)
    return _counts(reference.sample, analysis.sample)


@lru_cache(maxsize=8)  # the value, its floor and its mean in turn
def _counts(reference: VectorSample, analysis: VectorSample) -> Counts:
    """Judged rows of either period per distinct score, in the order of the scores."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    parts = [(z.rows[z.hashes % 2 == half]) for half in (0, 1) for z in (reference, analysis)]
    for a, b in (parts[:2], parts[2:]):
        enough(len(a), len(b), LEAST, "half of a classifier's test")
    told = np.repeat([0, 1], [len(parts[0]), len(parts[1])])
    train = np.concatenate(parts[:2])
    middle = train.mean(axis=0)
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=[0.5, 0.5])
    model.fit(_features(train - middle), told)
    scores = [model.decision_function(_features(part - middle)) for part in parts[2:]]
    # what rounding alone tells apart is a tie
    rounded = np.round(np.concatenate(scores), 9)
    _, places = np.unique(rounded, return_inverse=True)
    k = int(places.max()) + 1
    n = len(scores[0])
    return np.bincount(places[:n], minlength=k), np.bincount(places[n:], minlength=k)


def _features(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hstack([rows, rows**2])


METRIC = DriftMetric(
    name="two_sample_classifier",
    kinds=(Vectors,),
    bounds=(0.0, 1.0),
    symmetric=True,
    tolerance=0.2,
    compute=two_sample_classifier,
    noise_floor=two_sample_classifier_noise_floor,
    expected=two_sample_classifier_expected,
)
DRIFT.add(METRIC.name, METRIC)
