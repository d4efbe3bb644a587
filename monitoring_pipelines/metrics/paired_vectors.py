"""Vectors of two periods side by side, refused if they cannot be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.errors import BinMismatchError, NotApplicableError, NoVectorError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.vectors import Vectors


def check_vectors(reference: Vectors, analysis: Vectors) -> None:
    """Refuse vectors of two frames, and a period that has none."""
    if (reference.dimension, reference.bandwidth) != (analysis.dimension, analysis.bandwidth):
        raise BinMismatchError(reference.dimension, analysis.dimension)
    for period, vectors in (("reference", reference), ("analysis", analysis)):
        if not vectors.n:
            raise NoVectorError(period, vectors.unusable)


def paired_samples(
    reference: Vectors, analysis: Vectors
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sampled rows of both, shapes (m, s) and (m', s)."""
    check_vectors(reference, analysis)
    return reference.sample.rows, analysis.sample.rows


def enough(n: int, other_n: int, least: int, what: str) -> None:
    """Refuse a test that needs `least` sampled vectors of either period."""
    if min(n, other_n) < least:
        raise NotApplicableError(
            f"{min(n, other_n):,} vectors are too few for {what}; it needs {least:,} of each period"
        )
