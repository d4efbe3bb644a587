r"""Which users query a model as one would to copy it: much, and unlike everybody else.

Of every user with enough queries: how many, the share near the decision boundary, the share beyond
what others ask for, and how much of the input space is covered. Each is compared with all users by

.. math:: z = (x - \mathrm{median}) \Big/ \sqrt{(1.4826\,\mathrm{MAD})^2 + v}

where :math:`v` is the variance of :math:`x` that its own number of queries explains. One number
alone says little: a batch job is large, a new branch has other customers. A suspect has a
volume beyond 3 and two of the other three beyond 4.

References
----------
.. [1] F. Tramèr et al., "Stealing machine learning models via prediction APIs", USENIX Security
   2016; M. Juuti et al., "PRADA: protecting against DNN model stealing attacks", EuroS&P 2019.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MIN_USERS, MIN_QUERIES = 8, 100
LARGE, BEYOND, SIGNS = 3.0, 4.0, 2
LEAST_SPREAD = 0.25  # of the logarithm of a volume: users that are alike to a quarter are alike


class Queries(NamedTuple):
    """Of one user: how many queries, and shares of them; a share is None if the log cannot tell."""

    n: int
    near: float | None
    beyond: float | None
    covered: float | None


def suspects(users: Sequence[Queries]) -> int | None:
    """How many users are suspects; None if fewer than eight users have a hundred queries.

    >>> usual = [Queries(200, 0.1, 0.05, 0.3)] * 20
    >>> suspects([*usual, Queries(9_000, 0.6, 0.9, 1.0)])
    1
    """
    enough = [user for user in users if user.n >= MIN_QUERIES]
    if len(enough) < MIN_USERS:
        return None
    n = np.array([user.n for user in enough], dtype=np.float64)
    volume = _robust_z(np.log(n), np.full(len(n), LEAST_SPREAD**2))
    signs = np.zeros(len(n))
    for name in ("near", "beyond", "covered"):
        values = [getattr(user, name) for user in enough]
        if any(value is None for value in values):
            continue
        share = np.array(values, dtype=np.float64)
        middle = float(np.median(share))
        variance = max(middle * (1 - middle), 0.01) / n
        signs += _robust_z(share, variance) > BEYOND
    return int(np.sum((volume > LARGE) & (signs >= SIGNS)))


def _robust_z(x: NDArray[np.float64], variance: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = np.median(x)
    spread = 1.4826 * np.median(np.abs(x - middle))
    z: NDArray[np.float64] = (x - middle) / np.sqrt(spread**2 + variance)
    return z
