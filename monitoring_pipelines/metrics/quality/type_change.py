r"""Share of a column's rows that are not of the type that the reference period had.

.. math::

    \begin{cases}
        1 & \text{the column is now of another family (number, text, time)} \\
        \frac{\text{values that could not be read as the column's kind}}{\text{rows}}
            & \text{else}
    \end{cases}

It is in [0, 1] and higher is worse. Integer, float and boolean are one family, since they read as
numbers; an engine that cannot tell (``other``) is not a change. A column that is absent is not
applicable here: its rows are missing. No row at all gives 0 of 0, which the check calls unknown.

References
----------
.. [1] S. Schelter, D. Lange, P. Schmidt, M. Celikel, F. Biessmann and A. Grafberger, "Automating
   large-scale data quality verification", Proc. VLDB Endow. 11(12), 1781-1794, 2018.
   doi:10.14778/3229863.3229867
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import QUALITY, QualityMetric

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.column import ColumnSummary

FAMILY = {
    "integer": "number",
    "float": "number",
    "boolean": "number",
    "text": "text",
    "timestamp": "time",
}


def type_change(reference: ColumnSummary, analysis: ColumnSummary) -> tuple[int, int]:
    """Rows of another type and all rows of the analysis.

    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> number = ColumnSummary("age", ColumnKind.NUMERIC, "integer", n_rows=10, n_missing=2)
    >>> text = ColumnSummary("age", ColumnKind.NUMERIC, "text", n_rows=10, n_missing=2)
    >>> type_change(number, number), type_change(number, text)
    ((0, 10), (10, 10))
    """
    if "absent" in {reference.dtype, analysis.dtype}:
        raise NotApplicableError("the column is absent, so it has no type")
    before, now = FAMILY.get(reference.dtype), FAMILY.get(analysis.dtype)
    if before and now and before != now:
        return analysis.n_rows, analysis.n_rows
    return analysis.n_mistyped, analysis.n_rows


METRIC = QualityMetric(name="type_change", tolerance=0.01, compute=type_change)
QUALITY.add(METRIC.name, METRIC)
