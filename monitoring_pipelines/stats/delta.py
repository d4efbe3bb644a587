"""Delta method for a smooth function of multinomial counts.

References
----------
.. [1] A. Agresti, "Categorical Data Analysis", 3rd edition, section 16.1, Wiley, 2013.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

STEP = 1e-6


def standard_error(
    function: Callable[[NDArray[np.float64]], float],
    counts: NDArray[np.float64],
    n: float | None = None,
) -> float:
    """Standard error of ``function(shares)`` with shares = counts / n, any shape.

    `n` is the number of rows if the `counts` hold more, since something was added to empty cells.
    The function must not change if all shares are scaled. Its gradient is a central difference.

    >>> counts = np.array([80.0, 20.0])
    >>> standard_error(lambda p: float(p[0] / p.sum()), counts)  # sqrt(0.8 * 0.2 / 100)
    0.04
    """
    total = float(counts.sum())
    shares, n = counts / total, n or total
    gradient = np.empty_like(shares)
    for place in np.ndindex(shares.shape):
        step = np.zeros_like(shares)
        step[place] = STEP * max(float(shares[place]), STEP)
        change = function(shares + step) - function(shares - step)
        gradient[place] = change / (2 * step[place])
    centre = float(np.sum(shares * gradient))
    return math.sqrt(max(float(np.sum(shares * gradient**2)) - centre**2, 0.0) / n)
