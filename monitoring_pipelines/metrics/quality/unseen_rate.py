r"""Share of a categorical column's values that the reference period never had.

.. math::

    \frac{\text{values outside the reference's levels}}{\text{values}}

It is in [0, 1] and higher is worse. In the reference itself it is 0 by construction, so it is
compared with the share of the reference's values whose level occurs there at most twice. Those that
occur once estimate the share of new values that have no level yet [2]_: each would be unseen if it
were left out. Those that occur twice, and one more, cover the error of this estimate, for which a
test of two shares has no room: a level that is missing takes all of its rows along. Of an
identifier nearly every value is rare, so a new one is no news. Missing values do not count. No
value at all gives 0 of 0, which the check calls unknown. It is not applicable to a numeric column,
to one whose levels were too many to be listed (there a rare level cannot be told from an unseen
one), nor to an identifier.

References
----------
.. [1] E. Breck, N. Polyzotis, S. Roy, S. E. Whang and M. Zinkevich, "Data validation for machine
   learning", Proc. MLSys 1, 334-347, 2019.
.. [2] I. J. Good, "The population frequencies of species and the estimation of population
   parameters", Biometrika 40(3-4), 237-264, 1953. doi:10.1093/biomet/40.3-4.237
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import QUALITY, QualityMetric
from monitoring_pipelines.metrics.sanity.identifier_column import is_identifier

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.column import ColumnSummary

RARE = 2


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
    if reference.categories is None or reference.vectors is not None:
        raise NotApplicableError("a column without categories has no unseen ones")
    if not reference.categories.complete:
        raise NotApplicableError(
            "the reference has more levels than are listed, so an unseen one cannot be told"
        )
    if is_identifier(reference, analysis):
        raise NotApplicableError("new values of an identifier were never seen before")
    found = analysis.categories
    return (found.other, found.n) if found is not None else (0, 0)


def rarely_seen(reference: ColumnSummary) -> tuple[int, int]:
    """Values of the reference at most one other row of which has their level, and all values.

    A reference that moves away from the one that the levels are of may hold more unseen ones.
    """
    found = reference.categories
    if found is None:
        return 0, 0
    rare = sum(count for count in found.counts if count <= RARE) + 1
    return min(max(found.other, rare), found.n), found.n


METRIC = QualityMetric(
    name="unseen_rate", tolerance=0.01, compute=unseen_rate, left_out=rarely_seen
)
QUALITY.add(METRIC.name, METRIC)
