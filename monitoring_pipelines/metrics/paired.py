"""Two summaries of one column side by side, refused if they cannot be compared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import BinMismatchError, EmptySampleError
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.metrics.base import Distribution

# chance that the reference misses a level that is frequent enough to be listed
MISSED = 0.001


def is_fitted(reference: Distribution) -> bool:
    """Whether the bins are quantiles of the reference, as those of numbers are."""
    return isinstance(reference, Histogram)


def paired_counts(
    reference: Distribution, analysis: Distribution
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts of both over the same bins: the reference's deciles, or its levels and all others.

    >>> a = Histogram(edges=(0.0, 1.0), counts=(1, 2, 3), coarse=(0,))
    >>> [counts.tolist() for counts in paired_counts(a, a)]
    [[1, 5], [1, 5]]
    """
    a, b = fine_counts(reference, analysis)
    if isinstance(reference, Histogram) and reference.coarse:
        starts = [0, *(place + 1 for place in reference.coarse)]
        return np.add.reduceat(a, starts), np.add.reduceat(b, starts)
    return a, b


def fine_counts(
    reference: Distribution, analysis: Distribution
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts of both over all bins."""
    if reference.bins != analysis.bins:
        raise BinMismatchError(len(reference.bins), len(analysis.bins))
    if not reference.n:
        raise EmptySampleError("reference")
    if not analysis.n:
        raise EmptySampleError("analysis")
    a, b = np.asarray(reference.counts), np.asarray(analysis.counts)
    if isinstance(reference, Histogram) or isinstance(analysis, Histogram):
        return a, b
    return _with_others(a, b, (reference.other, analysis.other))


def _with_others(
    a: NDArray[np.int64], b: NDArray[np.int64], others: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts of the levels and, last, of all others.

    The levels are those that the reference happens to have, so with no drift at all the analysis
    has values outside of them and the reference has none. To be fair, levels are then listed only
    if they are so frequent in both periods together that the reference could hardly have missed
    them, and all rarer ones are filed with the others: membership depends on the two periods
    together, not on which of them a value fell into.
    """
    n, other_n = int(a.sum()) + others[0], int(b.sum()) + others[1]
    listed = np.ones(len(a), dtype=bool)
    if any(others):
        # the levels were taken from the period that has the smaller share of others
        missed_by = other_n if others[0] * other_n <= others[1] * n else n
        listed = a + b >= math.log(MISSED) / math.log(missed_by / (n + other_n))
    rest = (a[~listed].sum() + others[0], b[~listed].sum() + others[1])
    return np.append(a[listed], rest[0]), np.append(b[listed], rest[1])
