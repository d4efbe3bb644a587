r"""Exact probability that chance alone gives so many bad rows in a window.

Of :math:`N` rows of both periods :math:`B` are bad. Without a change, the bad ones among the
:math:`n` rows of the window are hypergeometric, whatever their true share, so

.. math::

    \Pr(X \ge b) = \sum_{x \ge b} \binom{B}{x} \binom{N - B}{n - x} \Big/ \binom{N}{n}

is a p-value that is never too small (Fisher's exact test, one-sided) [1]_. Intervals for the
difference of two shares are: with one bad row in a thousand and windows of 50 rows, Newcombe's
calls chance a rise five times as often as it says.

References
----------
.. [1] R. A. Fisher, "Statistical Methods for Research Workers", 5th edition, section 21.02,
   Oliver and Boyd, 1934.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, logsumexp

TERMS = 100_000  # the sum falls off long before


def probability_of_rise(bad: int, of: int, reference_bad: int, reference_of: int) -> float:
    """Probability of `bad` or more bad rows in the window, given those of both periods.

    >>> probability_of_rise(3, 3, 0, 3)  # 1 / (6 choose 3)
    0.05
    """
    all_bad, rows = bad + reference_bad, of + reference_of
    most = min(of, all_bad, bad + TERMS)
    x = np.arange(max(bad, of + all_bad - rows, 0), most + 1, dtype=np.float64)
    terms = _choose(all_bad, x) + _choose(rows - all_bad, of - x) - _choose(rows, np.float64(of))
    return min(1.0, float(np.exp(logsumexp(terms))))


def _choose(n: int, k: np.ndarray | np.float64) -> np.ndarray:
    """Logarithm of the binomial coefficient."""
    return np.asarray(-np.log1p(n) - betaln(n - k + 1, k + 1))
