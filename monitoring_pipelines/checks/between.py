"""What windows differ by although nothing changed, beyond the chance of drawing their rows.

Weekdays, weather and large customers make windows differ more than their rows explain. Where the
single windows of a reference are at hand, that spread widens the limits of the next window, as a
prediction limit does [1]_. Before it can be seen, windows are taken to differ by a fifth of what
matters, as firmly as if eight of them had shown it.

References
----------
.. [1] W. Q. Meeker, G. J. Hahn and L. A. Escobar, "Statistical Intervals", 2nd edition,
   section 4.3, Wiley, 2017.
"""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import fmean, variance
from typing import TYPE_CHECKING

from monitoring_pipelines.stats.prediction_limits import Prior, one_more

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.checks.judgement import Change, Estimate
    from monitoring_pipelines.metrics.base import DriftMetric

SHARE_OF_TOLERANCE = 1 / 5
WINDOWS = 8


def widened_change(
    metric: DriftMetric, change: Change, usual: Sequence[Change], alpha: float
) -> Change:
    """`change` with the noise floor that windows like the `usual` ones allow.

    `usual` are the reference's windows, each against all others; of one window there is none.
    Distances are compared as squares, what adds up as it is.
    """
    k = len(usual) or 1
    power = 1 if metric.additive else 2
    spread = metric.tolerance ** (power / 2) * SHARE_OF_TOLERANCE  # a root if it adds up
    excess = [metric.excess(one.value, one.expected) ** power for one in usual]
    # each differs from the mean of the others, which varies too
    between = fmean(excess) * (k - 1) / k if excess else 0.0
    arm = one_more(between, k, alpha / 2, Prior(spread, WINDOWS))  # a distance has two directions
    return replace(change, noise_floor=(change.noise_floor**power + arm**2) ** (1 / power))


def widened_estimate(
    reference: Estimate, usual: Sequence[Estimate], tolerance: float, alpha: float, z: float
) -> Estimate:
    """`reference` with the interval of one more window like the `usual` ones.

    `usual` are its windows, with intervals of `z` standard errors on either side; their own
    variance is taken off. The `tolerance` is in the metric's own unit.
    """
    values = [one.value for one in usual]
    rows = fmean(((one.high - one.low) / (2 * z)) ** 2 for one in usual)
    between = max(0.0, variance(values) - rows) if len(values) > 1 else 0.0
    arm = one_more(between, len(values), alpha, Prior(tolerance * SHARE_OF_TOLERANCE, WINDOWS))
    return replace(
        reference,
        low=reference.value - math.hypot(reference.value - reference.low, arm),
        high=reference.value + math.hypot(reference.high - reference.value, arm),
    )
