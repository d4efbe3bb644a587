r"""A number that looks as if its unit had changed: degrees, cents, thousands, inches, seconds.

A value :math:`x` becomes :math:`a x + b` for a pair :math:`(a, b)` of a list of well-known ones.
The window agrees with the reference after the way back is taken if, with the reference's mean
:math:`m_0` and spread :math:`s_0` and those of :math:`n` values of the window, :math:`m` and
:math:`s`,

.. math::

    \left| \frac{m - b}{a} - m_0 \right| \le s_0 \left( 0.1 + \tfrac{3}{\sqrt n} \right)
    \quad \text{and} \quad
    \left| \ln \frac{s}{a s_0} \right| \le 0.1 \, (1 + |\ln a|) + \tfrac{3}{\sqrt{2 n}}

and of several pairs the one with the smallest sum of both deviations is told. The evidence that
something changed at all is Kolmogorov and Smirnov's distance [1]_: it must exceed both 0.2 and what
chance exceeds with probability `alpha`, so with no change nothing is found more often than that.

By factors below five (and degrees Celsius and Fahrenheit) a quantity may also grow: rentals that
doubled have the mean and spread of many a unit. Such a pair is told only of a change between two
windows: of the few windows before, at least one must agree with the reference as it is, and the
others as it is or after the same way back; a first window has none before it. A score has no unit.

The value is this distance, the part of the rows by which the distributions differ. Fewer than 30
values, a column that does not vary, and a categorical one give no finding; a change of unit in some
of the rows is not recognised.

References
----------
.. [1] N. Smirnov, "Table for estimating the goodness of fit of empirical distributions", Ann. Math.
   Stat. 19(2), 279-281, 1948. doi:10.1214/aoms/1177730256
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from monitoring_pipelines.metrics.base import SANITY, Finding, SanityCheck, Seen
from monitoring_pipelines.metrics.drift.kolmogorov_smirnov import METRIC as KOLMOGOROV_SMIRNOV

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.moments import Moments

Pair: TypeAlias = "tuple[str, str, float, float]"

MIN_VALUES = 30
MIN_DISTANCE = 0.2
TOLERANCE = 0.1
# growth does not go so far from one window to the next
LEAST_FACTOR = 5.0
# unit before, unit now, a, b; each is tried in both directions
UNITS = (
    ("a unit", "thousandths of it (s and ms, kg and g)", 1_000.0, 0.0),
    ("a unit", "hundredths of it (cents, per cent, m and cm)", 100.0, 0.0),
    ("a unit", "tenths of it (cm and mm)", 10.0, 0.0),
    ("a unit", "millionths of it", 1e6, 0.0),
    ("hours or minutes", "minutes or seconds", 60.0, 0.0),
    ("hours", "seconds", 3_600.0, 0.0),
    ("days", "hours", 24.0, 0.0),
    ("degrees Celsius", "degrees Fahrenheit", 1.8, 32.0),
    ("degrees Celsius", "kelvin", 1.0, 273.15),
    ("inches", "centimetres", 2.54, 0.0),
    ("metres", "feet", 1 / 0.3048, 0.0),
    ("miles", "kilometres", 1.609344, 0.0),
    ("kilograms", "pounds", 1 / 0.45359237, 0.0),
    ("metres a second", "kilometres an hour", 3.6, 0.0),
    ("kilocalories", "kilojoules", 4.184, 0.0),
)
AS_IT_IS = ("", "", 1.0, 0.0)
DIRECTED = tuple(
    pair
    for before, now, a, b in UNITS
    for pair in ((before, now, a, b), (now, before, 1 / a, -b / a))
)


def unit_change(seen: Seen, alpha: float) -> Finding | None:
    """Name the change of unit that explains the window best.

    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> from monitoring_pipelines.summaries.histogram import Histogram
    >>> kind, edges = ColumnKind.NUMERIC, (5.0, 15.0, 25.0)
    >>> def column(counts, moments):
    ...     return ColumnSummary("t", kind, "float", 400, 0, histogram=Histogram(edges, counts),
    ...                          moments=moments)
    >>> from monitoring_pipelines.summaries.moments import Moments
    >>> celsius = column((50, 150, 150, 50), Moments(400, 15.0, 25_600.0, -8.0, 38.0))
    >>> fahrenheit = column((0, 1, 5, 394), Moments(400, 59.0, 82_944.0, 17.6, 100.4))
    >>> unit_change(Seen(reference=celsius, window=fahrenheit), 0.001).said[:60]
    'it looks as if degrees Celsius had become degrees Fahrenheit'
    """
    before, now = seen.reference, seen.window
    if before.histogram is None or now.histogram is None:
        return None
    best = _best(before.moments, now.moments)
    if best is None:
        return None
    distance = KOLMOGOROV_SMIRNOV.compute(before.histogram, now.histogram)
    chance = KOLMOGOROV_SMIRNOV.noise_floor(before.histogram, now.histogram, alpha)
    if distance <= max(MIN_DISTANCE, chance) or not _is_sudden(seen, best):
        return None
    old, new, a, b = best
    assert now.moments is not None  # noqa: S101 - `_best` saw to it
    back = f"x / {a:.6g}" if not b else f"(x - {b:.6g}) / {a:.6g}"
    return Finding(
        value=distance,
        reference_value=0.0,
        n=now.moments.n,
        said=f"it looks as if {old} had become {new}: {distance:.0%} of the rows moved, and {back} "
        "has the reference's mean and spread. Ask the source, and convert it",
    )


def _is_sudden(seen: Seen, best: Pair) -> bool:
    """Whether no growth explains it: a large factor, or windows before that did not have it yet."""
    factor, offset = best[2:]
    if abs(math.log(factor)) >= math.log(LEAST_FACTOR) or (factor == 1 and offset):
        return True
    before = seen.reference.moments
    earlier = [column.moments for column in seen.earlier if column.moments is not None]
    usual = [_deviation(before, then, AS_IT_IS) is not None for then in earlier]
    same = [_best(before, then) == best for then in earlier]
    return not earlier or (any(usual) and all(map(max, usual, same)))


def _best(before: Moments | None, now: Moments | None) -> Pair | None:
    """The pair that leaves the smallest deviation, of those that leave a small one."""
    found = [(_deviation(before, now, pair), pair) for pair in DIRECTED]
    told = [(deviation, pair) for deviation, pair in found if deviation is not None]
    return min(told)[1] if told else None


def _deviation(before: Moments | None, now: Moments | None, pair: Pair) -> float | None:
    """How far the window is from the reference after the way back; None if that is too far."""
    if before is None or now is None or min(before.n, now.n) < MIN_VALUES:
        return None
    if not (before.m2 > 0 and now.m2 > 0):
        return None
    a, b = pair[2:]
    noise = 3 / math.sqrt(now.n)
    shift = abs((now.mean - b) / a - before.mean) / before.std
    stretch = abs(math.log(now.std / (a * before.std)))
    slack = TOLERANCE * (1 + abs(math.log(a))) + noise / math.sqrt(2)
    return shift + stretch if shift <= TOLERANCE + noise and stretch <= slack else None


METRIC = SanityCheck(name="unit_change", compute=unit_change, of_scores=False)
SANITY.add(METRIC.name, METRIC)
