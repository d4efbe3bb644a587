r"""A column that varied in the reference and holds one and the same value now.

Of the reference's :math:`N` values :math:`c` are the one that all :math:`n` values of the window
have (of a number: lie in its bin). With no change, that all of the window's values are such has the
probability

.. math::

    \Pr = \binom{N}{c} \Big/ \binom{N + n}{c + n}

given those of both periods together (Fisher's exact test [1]_). It must be at most `alpha`, so a
column that nearly always has one value is no finding.

The value is the share of rows with the one value, 1; the reference value is its share there.
Missing values do not count. A window with fewer than two values, or a reference that had one value
itself, gives no finding.

References
----------
.. [1] R. A. Fisher, "Statistical Methods for Research Workers", 5th edition, section 21.02,
   Oliver and Boyd, 1934.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.metrics.base import SANITY, Finding, SanityCheck, Seen
from monitoring_pipelines.stats.exact import probability_of_rise

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.column import ColumnSummary


def constant_column(seen: Seen, alpha: float) -> Finding | None:
    """Say that the column has stopped varying.

    >>> from monitoring_pipelines.summaries.categories import Categories
    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> levels, kind = ("a", "b"), ColumnKind.CATEGORICAL
    >>> a = ColumnSummary("x", kind, "text", 100, 0, categories=Categories(levels, (50, 50)))
    >>> b = ColumnSummary("x", kind, "text", 60, 0, categories=Categories(levels, (60, 0)))
    >>> constant_column(Seen(reference=a, window=b), 0.001).reference_value
    0.5
    """
    before, now = seen.reference.distribution, seen.window.distribution
    if before is None or now is None or not _varies(seen.reference) or now.n < 2:  # noqa: PLR2004
        return None
    place = _only_place(seen.window)
    if place is None:
        return None
    usual = before.counts[place] if place < len(before.counts) else 0
    if probability_of_rise(now.n, now.n, usual, before.n) > alpha:
        return None
    share = usual / before.n
    return Finding(
        value=1.0,
        reference_value=share,
        n=now.n,
        said=f"all {now.n:,} values are one and the same, as {_little(share)} of the reference's "
        "are: a default, or a source that stopped? Ask who fills it",
    )


def _little(share: float) -> str:
    return f"at most {share:.1%}" if share else "none"


def _varies(column: ColumnSummary) -> bool:
    if column.moments is not None:
        return column.moments.minimum < column.moments.maximum
    found = column.categories
    return found is not None and sum(n > 0 for n in (*found.counts, found.other)) > 1


def _only_place(column: ColumnSummary) -> int | None:
    """Bin or level of the one value; None of more values.

    Values that the reference does not list may be several, so of them nothing is said.
    """
    found = column.distribution
    if found is None or (column.moments and column.moments.minimum < column.moments.maximum):
        return None
    return found.counts.index(found.n) if found.n in found.counts else None


METRIC = SanityCheck(name="constant_column", compute=constant_column)
SANITY.add(METRIC.name, METRIC)
