r"""Share of a categorical column's values that the reference period never had.

.. math::

    \frac{\text{values outside the reference's levels}}{\text{values}}

It is in [0, 1] and higher is worse. With no change at all it is about the share of the reference's
values that occur only once there (Good and Turing's estimate of the unseen [2]_), so that is what
it is compared with. Missing values do not count. No value at all gives 0 of 0, which the check
calls unknown. It is not applicable to a numeric column, to one whose levels were too many to be
listed (there a rare level cannot be told from an unseen one), nor to an identifier.

References
----------
.. [1] E. Breck, N. Polyzotis, S. Roy, S. E. Whang and M. Zinkevich, "Data validation for machine
   learning", Proc. MLSys 1, 334-347, 2019.
.. [2] I. J. Good, "The population frequencies of species and the estimation of population
   parameters", Biometrika 40(3/4), 237-264, 1953. doi:10.1093/biomet/40.3-4.237
.. [3] W. W. Esty, "A normal limit law for a nonparametric estimator of the coverage of a random
   sample", Ann. Stat. 11(3), 905-912, 1983. doi:10.1214/aos/1176346256
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import QUALITY, QualityMetric
from monitoring_pipelines.metrics.sanity.identifier_column import is_identifier

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.column import ColumnSummary


def unseen_rate(reference: ColumnSummary, analysis: ColumnSummary) -> tuple[int, int]:
    """Unseen values and all values of the analysis.

    >>> from monitoring_pipelines.summaries.categories import Categories
    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> kind = ColumnKind.CATEGORICAL
    >>> a = ColumnSummary("sex", kind, "text", 9, 0, categories=Categories(("f", "m"), (5, 4)))
    >>> b = ColumnSummary("sex", kind, "text", 9, 1, categories=Categories(("f", "m"), (4, 1), 3))
    >>> unseen_rate(a, b)
    (3, 8)
    """
    if reference.categories is None:
        raise NotApplicableError("a column without categories has no unseen ones")
    if not reference.categories.complete:
        raise NotApplicableError(
            "the reference has more levels than are listed, so an unseen one cannot be told"
        )
    if is_identifier(reference, analysis):
        raise NotApplicableError("new values of an identifier were never seen before")
    found = analysis.categories
    return (found.other, found.n) if found is not None else (0, 0)


def usually_unseen(reference: ColumnSummary) -> tuple[int, int]:
    r"""Values of the reference that occur once, and all: the share that is unseen with no change.

    The estimate's variance is that of a share of fewer rows, by the factor
    :math:`f_1 / (f_1 + 2 f_2)` if :math:`f_i` levels occur i times [3]_, so both counts are
    reduced by it; then a test that takes the share for one of rows is not wrong too often.

    >>> from monitoring_pipelines.summaries.categories import Categories
    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> kind, levels = ColumnKind.CATEGORICAL, Categories(("a", "b", "c"), (5, 1, 1))
    >>> usually_unseen(ColumnSummary("city", kind, "text", 7, 0, categories=levels))
    (2, 7)
    """
    found = reference.categories
    if found is None:
        return 0, 0
    once, twice = found.counts.count(1), found.counts.count(2)
    worth = once / (once + 2 * twice) if once else 1.0
    return round(once * worth), round(found.n * worth)


METRIC = QualityMetric(
    name="unseen_rate", tolerance=0.01, compute=unseen_rate, usual=usually_unseen
)
QUALITY.add(METRIC.name, METRIC)
