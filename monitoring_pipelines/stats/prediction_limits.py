r"""Limits for one new positive number, from few earlier ones.

On the log scale, with :math:`k` earlier values of mean :math:`\bar y` and variance :math:`s^2`,

.. math::

    \bar y \pm t_{\nu,\,1-\alpha/2}\; \tilde s\, \sqrt{1 + 1/k}, \qquad
    \tilde s^2 = \frac{\nu_0 s_0^2 + (k-1) s^2}{\nu_0 + k - 1}, \quad \nu = \nu_0 + k - 1 .

Without a prior (:math:`\nu_0 = 0`) this is the textbook limit, valid for log-normal values and
any spread from :math:`k = 2` on, and useless at :math:`k = 2`. The prior says what is assumed
before the spread can be seen; with it a single earlier value already gives a limit [1]_.

References
----------
.. [1] G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential
   expression in microarray experiments", Stat. Appl. Genet. Mol. Biol. 3(1), 2004.
   doi:10.2202/1544-6115.1027
.. [2] W. Q. Meeker, G. J. Hahn and L. A. Escobar, "Statistical Intervals", 2nd edition,
   section 4.3, Wiley, 2017.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import stdtrit

from monitoring_pipelines.errors import NotApplicableError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Prior:
    """A relative spread that is believed as if it had been seen in `windows` + 1 windows."""

    spread: float
    windows: int


def prediction_limits(
    values: Sequence[float], alpha: float, prior: Prior | None = None
) -> tuple[float, float]:
    """Limits that a new value leaves with probability `alpha`, half of it on each side.

    Values must be positive.

    >>> low, high = prediction_limits([100, 110, 90, 105], 0.05)
    >>> round(low), round(high)
    (74, 137)
    """
    k = len(values)
    prior = prior or Prior(0.0, 0)
    freedom = prior.windows + k - 1
    if not k or freedom < 1:
        raise NotApplicableError(f"{k} earlier windows do not give a limit")
    logs = [math.log(value) for value in values]
    mean = sum(logs) / k
    squares = sum((log - mean) ** 2 for log in logs)
    spread = math.sqrt((prior.windows * prior.spread**2 + squares) / freedom)
    half = float(stdtrit(freedom, 1 - alpha / 2)) * spread * math.sqrt(1 + 1 / k)
    return math.exp(mean - min(half, 600.0)), math.exp(mean + min(half, 600.0))


def one_more(variance: float, k: int, alpha: float, prior: Prior) -> float:
    """How far one more window may be from the mean of `k` windows; one-sided at `alpha`.

    `variance` is that between windows, the part that their rows explain taken off; at least 0.
    The prior adds to a small one and takes nothing from a large one.

    >>> round(one_more(0.0, 1, 0.01, Prior(0.02, 8)), 4)  # t(8) times 0.02 times the root of two
    0.0819
    """
    freedom = prior.windows + k - 1
    if not k or freedom < 1:
        raise NotApplicableError(f"{k} earlier windows do not give a limit")
    mixed = (prior.windows * prior.spread**2 + (k - 1) * variance) / freedom
    seen = variance if k > 1 else 0.0
    return float(stdtrit(freedom, 1 - alpha)) * math.sqrt(max(mixed, seen) * (1 + 1 / k))
