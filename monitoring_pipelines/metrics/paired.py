"""Two summaries of one column side by side, refused if they cannot be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import BinMismatchError, EmptySampleError
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.metrics.base import Distribution


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
    return _counts(reference), _counts(analysis)


def _counts(summary: Distribution) -> NDArray[np.int64]:
    others = () if isinstance(summary, Histogram) else (summary.other,)
    return np.asarray([*summary.counts, *others], dtype=np.int64)
