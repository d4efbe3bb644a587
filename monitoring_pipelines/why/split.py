r"""A change of performance split into who came and how the model did with them.

With :math:`s_b` the share of part :math:`b` in the window, :math:`\bar r_b` and :math:`\bar w_b`
the mean vectors (see `measure`) of its labelled rows in reference and window,

.. math::

    V(\bar w) - V(\bar r) =
    \underbrace{V\big(\textstyle\sum_b s_b \bar r_b\big) - V(\bar r)}_{\text{mix, } P(X)}
    + \underbrace{V(\bar w) - V\big(\textstyle\sum_b s_b \bar r_b\big)}_{\text{within, } P(Y|X)}

For a mean of losses that is the decomposition of Kitagawa [1]_ with the reference's rates; for the
area the mixture of the reference's rows is evaluated as a whole. The two sides are the shift of
P(X) and of P(Y|X) [2]_. A part that the reference has no labelled row of counts in the mix as the
reference as a whole, so that whatever is particular about it is within, and `unseen` says how much
of that it is (to first order, for the area and the root).

Standard errors are those of the delta method over the labelled rows of both periods, shares
included; with fewer than about 30 rows a side they are too small. NaN where a period has no
labelled row, or, for the area, one class.

References
----------
.. [1] E. M. Kitagawa, "Components of a difference between two rates", J. Am. Stat. Assoc. 50(272),
   1168-1194, 1955. doi:10.1080/01621459.1955.10501299
.. [2] T. T. Cai, H. Namkoong and S. Yadlowsky, "Diagnosing model performance under distribution
   shift", 2023. arXiv:2303.02011
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.partition import Cells
    from monitoring_pipelines.why.measure import Measure, Vector


@dataclass(frozen=True, slots=True)
class Effect:
    """A part of a change, in the metric's own unit, and its standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Split:
    """``mix + within = change`` from `reference`; `unseen` is what of `within` is of new parts."""

    mix: Effect
    within: Effect
    unseen: float
    reference: float

    @property
    def change(self) -> float:
        """Performance in the window less that in the reference."""
        return self.mix.value + self.within.value


def split(measure: Measure, reference: Cells, window: Cells) -> Split:
    """Split the change between the labelled rows of two periods over the same parts."""
    n, m = int(window.labelled.sum()), int(reference.labelled.sum())
    if not n or not m:
        nothing = Effect(math.nan, math.nan)
        return Split(nothing, nothing, math.nan, math.nan)
    shares = window.labelled / n
    usual, now = _mean(measure, reference), _mean(measure, window)
    parts = _filled(measure.means(reference), usual)
    mixed = shares @ parts
    before, between, after = (float(measure.value(mean)) for mean in (usual, mixed, now))
    at_usual, at_mixed, at_now = (measure.gradient(mean) for mean in (usual, mixed, now))

    # a row of the reference moves the mean of its part, and that of the whole
    pull = (shares * _inverse(reference.labelled))[:, None] * at_mixed
    own, whole = (pull * parts).sum(axis=1), at_usual / m
    mix = measure.squares(reference, pull - whole, float(whole @ usual) - own)
    within = measure.squares(reference, pull, -own)
    # a row of the window moves the shares, and the performance there
    drawn = (parts - mixed) @ at_mixed / n
    mix += float(drawn**2 @ window.labelled)
    step = np.broadcast_to(at_now / n, parts.shape)
    within += measure.squares(window, step, -float(at_now @ now) / n - drawn)

    new = shares * (reference.labelled == 0) @ (_filled(measure.means(window), usual) - parts)
    return Split(
        Effect(between - before, _root(mix)),
        Effect(after - between, _root(within)),
        float(at_mixed @ new),
        before,
    )


def mix_of(measure: Measure, reference: Cells, counts: NDArray[np.int64]) -> Effect:
    """What the mixture of a window's rows does to the performance; it needs none of their labels.

    `counts` are the window's rows per part. The value is that of the reference's rows in the
    window's mixture less that in the reference's own; shares are of all rows, labelled or not.
    """
    n, total = int(counts.sum()), int(reference.rows.sum())
    if not n or not reference.labelled.any():
        return Effect(math.nan, math.nan)
    shares, before = counts / n, reference.rows / total
    parts = _filled(measure.means(reference), _mean(measure, reference))
    mixed, own = shares @ parts, before @ parts
    at_mixed, at_own = measure.gradient(mixed), measure.gradient(own)
    pull = shares[:, None] * at_mixed - before[:, None] * at_own
    pull *= _inverse(reference.labelled)[:, None]
    variance = measure.squares(reference, pull, -(pull * parts).sum(axis=1))
    variance += float(((parts - mixed) @ at_mixed) ** 2 @ shares) / n
    variance += float(((parts - own) @ at_own) ** 2 @ before) / total
    return Effect(float(measure.value(mixed) - measure.value(own)), _root(variance))


def performance(measure: Measure, cells: Cells) -> tuple[Vector, Vector]:
    """Performance inside each part and its standard error, shapes (k,)."""
    means = measure.means(cells)
    errors = np.full(len(means), np.nan)
    for place, mean in enumerate(means):
        if cells.labelled[place]:
            slope = measure.gradient(mean)[None, :] / cells.labelled[place]
            errors[place] = _root(measure.squares(cells.at(place), slope, -(slope @ mean)))
    return measure.value(means), errors


def inside(measure: Measure, reference: Cells, window: Cells) -> tuple[Vector, Vector]:
    """Change of performance inside each part and its standard error, shapes (k,)."""
    before, before_error = performance(measure, reference)
    now, now_error = performance(measure, window)
    return now - before, np.hypot(before_error, now_error)


def _mean(measure: Measure, cells: Cells) -> Vector:
    mean: Vector = measure.means(cells.whole)[0]
    return mean


def _filled(means: Vector, usual: Vector) -> Vector:
    filled: Vector = np.where(np.isnan(means), usual, means)
    return filled


def _inverse(counts: NDArray[np.int64]) -> Vector:
    """One divided by each count, and zero for none."""
    found: Vector = np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)
    return found


def _root(variance: float) -> float:
    return math.nan if math.isnan(variance) else math.sqrt(max(variance, 0.0))
