"""How often a model may cry wolf: one number for people, shared over all of its checks.

With a budget of ``b`` false alerts a quarter, ``w`` windows a quarter and ``m`` checks that can
alert, each check may be wrong with probability ``alpha = b / (w * m)`` per window. By the union
bound the expected number of false alerts is then at most ``b``, however the checks are correlated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS_A_QUARTER = 365.2425 / 4
WINDOWS_A_QUARTER: Mapping[Cadence, float] = {
    Cadence.HOUR: 24 * DAYS_A_QUARTER,
    Cadence.DAY: DAYS_A_QUARTER,
    Cadence.WEEK: DAYS_A_QUARTER / 7,
    Cadence.MONTH: 3.0,
    Cadence.YEAR: 0.25,
}
MOST = 0.05  # few windows a year do not make weak evidence strong


def alpha_per_check(
    cadence: Cadence, n_checks: float, false_alerts_per_quarter: float = 1.0
) -> float:
    """False-alarm probability of one check in one window, at most 0.05.

    A check whose share of the budget is not an equal one is one of ``1 / share`` checks.

    >>> alpha_per_check(Cadence.DAY, 10)  # 1 / (91.3 * 10)
    0.001095
    >>> alpha_per_check(Cadence.YEAR, 1)
    0.05
    """
    if n_checks < 1:
        raise ConfigError("A budget is shared over at least one check.")
    if not false_alerts_per_quarter > 0:
        raise ConfigError(
            f"`false_alerts_per_quarter` must be above 0, not {false_alerts_per_quarter}: "
            "a check that is never wrong never speaks."
        )
    return min(MOST, false_alerts_per_quarter / (WINDOWS_A_QUARTER[cadence] * n_checks))


def interval_confidence(alpha: float) -> float:
    """Two-sided confidence of the intervals that a one-sided check at `alpha` compares.

    >>> interval_confidence(0.025)
    0.95
    """
    return 1 - 2 * alpha
