r"""Share of the vectors of an embedding that are unlike any usual one of the reference.

.. math::

    \frac{\#\{x : \|W (x - \mu)\| > l\}}{\text{vectors}}

with the mean :math:`\mu` and the whitening :math:`W` of a part of the reference, by its shrunk
covariance, and the conformal limit :math:`l`, which one in a hundred new vectors like those of the
reference exceeds [1]_ (with fewer than 495 fitted rows more: 1 in m + 1 of m rows that the limit
comes from). It is in [0, 1] and higher is worse. The limit knows neither the window nor the rows of
the reference that are counted, so without a change both shares are alike, whatever the
distribution. Missing and malformed vectors do not count. No vector gives 0 of 0, which the check
calls unknown. It is not applicable to other columns.

References
----------
.. [1] R. Laxhammar and G. Falkman, "Inductive conformal anomaly detection for sequential detection
   of anomalous sub-trajectories", Ann. Math. Artif. Intell. 74, 67-94, 2015.
   doi:10.1007/s10472-013-9381-7
.. [2] P. C. Mahalanobis, "On the generalized distance in statistics", Proc. Natl. Inst. Sci.
   India 2(1), 49-55, 1936.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import QUALITY, QualityMetric

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.column import ColumnSummary


def outlier_rate(reference: ColumnSummary, analysis: ColumnSummary) -> tuple[int, int]:
    """Outlying vectors and all vectors of the analysis.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> from monitoring_pipelines.summaries.vectors import VectorMoments, VectorSample, Vectors
    >>> rows = np.zeros((50, 1))
    >>> moments, sample = VectorMoments.of(rows), VectorSample.of(np.arange(50), rows, 9)
    >>> vectors = Vectors(1, 1.0, moments, sample, (), n_outlying=3)
    >>> text = ColumnSummary("text", ColumnKind.EMBEDDING, "vector", 50, 0, vectors=vectors)
    >>> outlier_rate(text, text)
    (3, 50)
    """
    if reference.vectors is None:
        raise NotApplicableError("only vectors have outliers")
    found = analysis.vectors
    return (found.n_outlying, found.n) if found is not None else (0, 0)


METRIC = QualityMetric(name="outlier_rate", tolerance=0.05, compute=outlier_rate)
QUALITY.add(METRIC.name, METRIC)
