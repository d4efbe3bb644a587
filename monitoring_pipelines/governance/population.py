"""How many rows are outside of the values that a model was made for, from a summary alone."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Allowed
    from monitoring_pipelines.summaries.categories import Categories
    from monitoring_pipelines.summaries.column import ColumnSummary
    from monitoring_pipelines.summaries.histogram import Histogram
    from monitoring_pipelines.summaries.moments import Moments


def outside(column: ColumnSummary, allowed: Allowed) -> tuple[int, int, int] | None:
    """At least and at most so many of ``n`` values are outside; None if it cannot be told.

    The counts of a category that the reference did not know, and of a bin that a bound of the
    range cuts, may be on either side. Missing values are on neither.
    """
    if allowed.values and column.categories is not None:
        return _of_values(column.categories, set(allowed.values))
    if not allowed.values and column.histogram is not None and column.moments is not None:
        low = -math.inf if allowed.minimum is None else allowed.minimum
        high = math.inf if allowed.maximum is None else allowed.maximum
        return _of_range(column.histogram, column.moments, low, high)
    return None


def _of_values(found: Categories, allowed: set[str]) -> tuple[int, int, int]:
    counts = zip(found.levels, found.counts, strict=True)
    listed = sum(count for level, count in counts if level not in allowed)
    # with every allowed value listed, a value that is not listed is not allowed
    is_known = found.complete and allowed <= set(found.levels)
    return listed + (found.other if is_known else 0), listed + found.other, found.n


def _of_range(found: Histogram, moments: Moments, low: float, high: float) -> tuple[int, int, int]:
    if not found.n or (low <= moments.minimum and moments.maximum <= high):
        return 0, 0, found.n
    least = most = 0
    edges = (-math.inf, *found.edges, math.inf)
    # a bin holds what is above its lower edge and not above its upper one
    for (lower, upper), count in zip(pairwise(edges), found.counts, strict=True):
        first, last = max(lower, moments.minimum), min(upper, moments.maximum)
        if last < low or lower >= high or first > high:
            least += count
        if first < low or last > high:
            most += count
    return least, most, found.n
