r"""A limit for the largest of a window, from the largest of earlier windows.

Amounts of users, hosts or groups have heavy tails, so the largest of a window varies far more than
a sum does. If the tail is a power law, the logarithm :math:`y` of the largest is Gumbel distributed
[1]_, and with mean :math:`\bar y` and deviation :math:`s` of :math:`k` windows

.. math::

    \bar y + s \sqrt{1 + 1/k}\,(q - \gamma)\frac{\sqrt 6}{\pi}, \qquad
    q = \nu \left(L^{-1/\nu} - 1\right), \quad L = -\ln(1 - \alpha), \quad \nu = 0.4\,(k + 3)

is exceeded with probability at most :math:`\alpha`. For large :math:`\nu`, :math:`q = -\ln L` is
Gumbel's own quantile; the finite form is the prediction limit of an exponential tail whose scale
is estimated, and 0.4 is chosen by simulation so that it also covers the estimate of the location.
A relative spread of a third is believed as if five windows had shown it.

References
----------
.. [1] S. Coles, "An Introduction to Statistical Modeling of Extreme Values", sections 3.1 and 3.3,
   Springer, 2001.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import NotApplicableError

if TYPE_CHECKING:
    from collections.abc import Sequence

EULER = 0.5772156649015329
SPREAD, WINDOWS, SHARE = 1 / 3, 4, 0.4
MIN_WINDOWS = 5


def extreme_limit(values: Sequence[float], alpha: float) -> float:
    """Limit that the largest of one more window exceeds with probability `alpha` at most.

    Values may be zero; half a unit keeps their logarithm in place.

    >>> round(extreme_limit([100, 110, 90, 105, 95], 0.01))
    745

    Raises
    ------
    NotApplicableError
        With fewer than five earlier windows, or with one that is negative or not finite.
    """
    k = len(values)
    if k < MIN_WINDOWS:
        raise NotApplicableError(f"{k} earlier windows do not give a limit; it needs {MIN_WINDOWS}")
    if not all(0 <= value < math.inf for value in values):
        raise NotApplicableError("an earlier window has one below zero or without end")
    logs = [math.log(value + 0.5) for value in values]
    mean = sum(logs) / k
    squares = sum((log - mean) ** 2 for log in logs)
    freedom = WINDOWS + k - 1
    # the prior adds to a small spread, and takes nothing from a large one
    variance = max((WINDOWS * SPREAD**2 + squares) / freedom, squares / (k - 1))
    nu, log_alpha = SHARE * freedom, math.log(-math.log1p(-alpha))
    q = nu * math.expm1(min(-log_alpha / nu, 600.0))
    arm = math.sqrt(variance * (1 + 1 / k)) * (q - EULER) * math.sqrt(6) / math.pi
    return math.exp(min(mean + arm, 600.0)) - 0.5
