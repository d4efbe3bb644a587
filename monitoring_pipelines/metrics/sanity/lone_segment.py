r"""Categories that live in few windows only: none before, and far more than usual now.

Category :math:`i` is told if one of the windows just before held it in 0 of its rows, and the
window holds it in a share that is at least five points above both that and the reference, each
beyond chance at :math:`\alpha / k` by Fisher's exact test [1]_, one-sided, with :math:`k`
categories. If nothing changed, the test against the reference alone lets a category pass with
probability `alpha` at most.

It is what windows look like that are cut by the order of rows in a file, or that one of several
sources delivered alone: their rows are a segment and not a period. Every number of such a window,
performance first, tells of the segment.

The value is the share of rows in these categories, the reference value is their usual share.
Values that the reference never had are not counted (`unseen_rate`). A numeric column, an empty
window, and one without any before it give no finding.

References
----------
.. [1] R. A. Fisher, "Statistical Methods for Research Workers", 5th edition, section 21.02,
   Oliver and Boyd, 1934.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.metrics.base import SANITY, Finding, Level, SanityCheck, Seen
from monitoring_pipelines.stats.exact import probability_of_rise

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.categories import Categories

TOLERANCE = 0.05


def lone_segment(seen: Seen, alpha: float) -> Finding | None:
    """Name the categories that came from nothing.

    >>> from monitoring_pipelines.summaries.categories import Categories
    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> def column(*counts):
    ...     summary = Categories(("barracks", "flat", "house"), counts)
    ...     return ColumnSummary("x", ColumnKind.CATEGORICAL, "text", 0, 0, categories=summary)
    >>> usual, before, now = column(70, 430, 500), column(0, 430, 500), column(900, 40, 60)
    >>> lone_segment(Seen(reference=usual, window=now, earlier=[before]), 0.001).levels
    (Level(name='barracks', value=0.9, reference_value=0.07),)
    """
    usual, now = seen.reference.categories, seen.window.categories
    earlier = [c.categories for c in seen.earlier if c.categories and c.categories.n]
    if usual is None or now is None or not (usual.n and now.n and earlier):
        return None
    level_alpha = alpha / max(1, len(usual.levels))
    found = [
        i
        for i in range(len(usual.levels))
        if _rose(now, usual, i, level_alpha)
        and any(not before.counts[i] and _rose(now, before, i, level_alpha) for before in earlier)
    ]
    if not found:
        return None
    rows, usual_rows = (sum(c.counts[i] for i in found) for c in (now, usual))
    one = "1 category" if len(found) == 1 else f"{len(found)} categories"
    return Finding(
        value=rows / now.n,
        reference_value=usual_rows / usual.n,
        n=now.n,
        said=f"{rows / now.n:.1%} of the rows are of {one} without a row in a window just before "
        f"({usual_rows / usual.n:.1%} in the reference): were windows cut by the order of rows, or "
        "did one source deliver alone? Its numbers tell of that segment",
        levels=tuple(
            Level(usual.levels[i], now.counts[i] / now.n, usual.counts[i] / usual.n) for i in found
        ),
    )


def _rose(now: Categories, other: Categories, i: int, alpha: float) -> bool:
    rise = now.counts[i] / now.n - other.counts[i] / other.n
    if rise < TOLERANCE:
        return False
    return probability_of_rise(now.counts[i], now.n, other.counts[i], other.n) <= alpha


METRIC = SanityCheck(name="lone_segment", compute=lone_segment)
SANITY.add(METRIC.name, METRIC)
