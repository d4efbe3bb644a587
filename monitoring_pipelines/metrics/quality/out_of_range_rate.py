r"""Share of a numeric column's values outside the range of the reference period.

.. math::

    \frac{\text{values below the reference's minimum or above its maximum}}{\text{values}}

It is in [0, 1] and higher is worse. In the reference itself it is 0 by construction; without any
change two in :math:`n + 1` new values leave the range of :math:`n` old ones [1]_, so it is compared
with the two of the reference that would be outside if they were left out. Missing and mistyped
values do not count. No value at all gives 0 of 0, which the check calls unknown. It is not
applicable to a categorical column, nor if the reference held no number.

References
----------
.. [1] S. S. Wilks, "Determination of sample sizes for setting tolerance limits", Ann. Math. Stat.
   12(1), 91-96, 1941. doi:10.1214/aoms/1177731788
"""

from __future__ import annotations

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import QUALITY, QualityMetric
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary


def out_of_range_rate(reference: ColumnSummary, analysis: ColumnSummary) -> tuple[int, int]:
    """Values out of range and all values of the analysis.

    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> from monitoring_pipelines.summaries.moments import Moments
    >>> kind, moments = ColumnKind.NUMERIC, Moments(8, 2.0, 4.0, 0.0, 3.0)
    >>> age = ColumnSummary("age", kind, "integer", 10, 2, n_out_of_range=1, moments=moments)
    >>> out_of_range_rate(age, age)
    (1, 8)
    """
    if reference.kind is not ColumnKind.NUMERIC:
        raise NotApplicableError("a categorical column has no range")
    if reference.moments is None or not reference.moments.n:
        raise NotApplicableError("the reference has no number, so it has no range")
    values = analysis.moments.n if analysis.moments is not None else 0
    return analysis.n_out_of_range, values


def extremes(reference: ColumnSummary) -> tuple[int, int]:
    """The smallest and the largest of the reference's values, and all values."""
    n = reference.moments.n if reference.moments is not None else 0
    return max(reference.n_out_of_range, min(2, n)), n


METRIC = QualityMetric(
    name="out_of_range_rate", tolerance=0.01, compute=out_of_range_rate, left_out=extremes
)
QUALITY.add(METRIC.name, METRIC)
