r"""Share of the rows of a column that hold no value.

.. math::

    \frac{\text{NULL, NaN and infinite rows}}{\text{rows}}

It is in [0, 1] and higher is worse. No row at all gives 0 of 0, which the check calls unknown. It
has a meaning for every column; with one row it is 0 or 1, and its interval is wide.

References
----------
.. [1] S. Schelter, D. Lange, P. Schmidt, M. Celikel, F. Biessmann and A. Grafberger, "Automating
   large-scale data quality verification", Proc. VLDB Endow. 11(12), 1781-1794, 2018.
   doi:10.14778/3229863.3229867
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.metrics.base import QUALITY, QualityMetric

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.column import ColumnSummary


def missing_rate(
    reference: ColumnSummary,
    analysis: ColumnSummary,
) -> tuple[int, int]:
    """Missing rows and all rows of the analysis.

    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> age = ColumnSummary("age", ColumnKind.NUMERIC, "integer", n_rows=10, n_missing=2)
    >>> missing_rate(age, age)
    (2, 10)
    """
    return analysis.n_missing, analysis.n_rows


METRIC = QualityMetric(name="missing_rate", tolerance=0.01, compute=missing_rate)
QUALITY.add(METRIC.name, METRIC)
