r"""A column whose counts are, to the last row, those of the window before: the same rows again?

Both windows have :math:`n` values, :math:`c_i` of them in bin or level :math:`i`. If both are draws
of one distribution, and given the :math:`2 c_i` of both together, the counts agree with the
probability

.. math::

    \Pr = \prod_i \binom{2 c_i}{c_i} \Big/ \binom{2 n}{n}

exactly (multivariate hypergeometric [1]_). It must be at most `alpha`: two levels of a million rows
agree by chance once in a thousand, a number over its hundred bins practically never. A number must
also have the same smallest and largest value, and its mean to nine digits.

The value is the share of rows that repeat, 1. A column of one value (`constant_column` speaks of
it), an empty window and a window without one before it give no finding.

References
----------
.. [1] N. L. Johnson, S. Kotz and N. Balakrishnan, "Discrete Multivariate Distributions", chapter
   39, Wiley, 1997.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from monitoring_pipelines.metrics.base import SANITY, Finding, SanityCheck, Seen

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.column import ColumnSummary

SAME_MEAN = 1e-9  # engines add in different orders


def frozen_column(seen: Seen, alpha: float) -> Finding | None:
    """Say that the column repeats the window before it.

    >>> from monitoring_pipelines.summaries.categories import Categories
    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> counts = Categories(tuple("abcdefgh"), (211, 190, 154, 132, 98, 77, 51, 33))
    >>> x = ColumnSummary("x", ColumnKind.CATEGORICAL, "text", 946, 0, categories=counts)
    >>> frozen_column(Seen(reference=x, window=x, earlier=[x]), 0.001).value
    1.0
    """
    if not seen.earlier or not _is_same(seen.earlier[0], seen.window):
        return None
    found = seen.window.distribution
    if found is None or _chance(_all_counts(seen.window)) > alpha:
        return None
    return Finding(
        value=1.0,
        reference_value=None,
        n=found.n,
        said=f"its {found.n:,} values are counted exactly as in the window before: are the same "
        "rows scored again, or is the source frozen? Compare the ids of both",
    )


def _is_same(before: ColumnSummary, now: ColumnSummary) -> bool:
    if before.n_missing != now.n_missing or _all_counts(before) != _all_counts(now):
        return False
    a, b = before.moments, now.moments
    if a is None or b is None:
        return a is b
    return (a.minimum, a.maximum) == (b.minimum, b.maximum) and math.isclose(
        a.mean, b.mean, rel_tol=SAME_MEAN, abs_tol=SAME_MEAN
    )


def _all_counts(column: ColumnSummary) -> tuple[int, ...]:
    found = column.distribution
    if found is None:
        return ()
    return (*found.counts, column.categories.other if column.categories else 0)


def _chance(counts: tuple[int, ...]) -> float:
    """Probability that two windows agree in every count, given those of both together."""
    c = np.asarray(counts, dtype=np.float64)
    return float(np.exp(np.sum(_central(c)) - _central(c.sum())))


def _central(n: np.ndarray | np.float64) -> np.ndarray:
    """Logarithm of the central binomial coefficient (2n choose n)."""
    return np.asarray(gammaln(2 * n + 1) - 2 * gammaln(n + 1))


METRIC = SanityCheck(name="frozen_column", compute=frozen_column)
SANITY.add(METRIC.name, METRIC)
