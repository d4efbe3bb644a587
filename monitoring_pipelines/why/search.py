r"""Where a change of performance comes from, searched over the parts of one feature or of two.

For each feature two segments are proposed on one random half of the rows:

* *mix*: rows that grew in number and with which the model was always worse (or better). Its effect
  is the mix of `split`, over the segment and the rest.
* *local*: rows with which the model changed more than with the others. Its effect is
  :math:`s (\Delta_{\text{in}} - \Delta_{\text{out}})`, the share of the segment times how much more
  the performance changed in it than outside; where the others changed the other way,
  :math:`\Delta_{\text{out}}` counts as none.

The best explanation :math:`e` of a change :math:`c` leaves least of it: :math:`|c| - |c - e|` is
what it *explains*. So a segment whose effect another one undoes comes after one that needs none.

Numbers are cut at one place. Categories are ordered, by how clearly their share grew or the
performance changed in them, and cut at one place; a shift that no two parts tell is one of the
whole feature. A local segment has at most half of the rows: what changed with most of them is no
matter of a segment. Of two features the products of coarse parts are tried. They are told if they
explain clearly more than any single feature; or, locally, as much: a segment of one feature with
all the trouble in one corner explains as much as the corner, which is what people want to know.

Where other rows came, features that go along with them seem to change locally. So where a mix that
holds explains half of the change, it is told before anything local: P(X) before P(Y|X). And what is
local must explain a part of what the causes before it leave; otherwise it echoes them, and is left
out. What all features together explain may be known from elsewhere (an estimate from what the model
answered); it counts as such a mix, though no single feature may tell it.

Whoever looks at many segments finds one. So a cause *holds* only if its effect on the other half,
which had no part in choosing it, is beyond zero by a one-sided test at `alpha` over the number of
causes tested there. Under no cause at all one is then told with probability `alpha` or less
(normal approximation with the errors of `split`), however many segments were looked at. The numbers
that are told are of all rows.

Too few rows in a half, one class, a constant or an empty feature propose nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from monitoring_pipelines.domain.cause import Told, part_of, ranked
from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.summaries.partition import Cells
from monitoring_pipelines.why.split import Effect, inside, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.partition import Partition, Partitions
    from monitoring_pipelines.why.measure import Measure, Vector
    from monitoring_pipelines.why.split import Split

    Members = NDArray[np.bool_]


class How(StrEnum):
    """What a cause does: other rows come, or the model does otherwise with some."""

    MIX = "mix"
    LOCAL = "local"


ALPHA = 0.05
# labelled rows that each side of a segment needs in each half
MIN_ROWS = 30
MAX_TOLD = {How.MIX: 4, How.LOCAL: 3}
# a larger part of the rows is no segment that the performance changed in
MAX_LOCAL = 0.5
# what explains a smaller part of the change is no cause of it
MIN_PART = 0.2
# a segment stands for its feature if its mix is that of all parts to a fifth
ENOUGH = 0.8
# the fewest parts that explain nearly as much as the best choice
NEARLY = 0.95
# two features must explain so many times more than one
PAIR_GAIN = 1.25
# or as much, give or take chance, locally
PAIR_LIKE = 0.9


@dataclass(frozen=True, slots=True)
class Proposal:
    """A segment: the parts `members` of a partition, or, if none, its parts as they are.

    It `explains` so much of the change, whose direction is `sign`, on the rows it was chosen on.
    """

    partition: Partition
    members: tuple[int, ...]
    how: How
    explains: float
    sign: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A segment of all rows, whose shares of labelled rows are `before` and `now`.

    `effect` is that of its kind, with the standard error on all rows. `there` and `elsewhere` are
    the changes of performance inside and outside the segment, NaN where there are no rows.
    """

    columns: tuple[str, ...]
    members: tuple[int, ...]
    how: How
    effect: Effect
    split: Split
    before: float
    now: float
    there: float
    elsewhere: float
    holds: bool

    @property
    def explains(self) -> float:
        """How much of the change it explains, on all rows."""
        return float(explained(self.split.change, self.effect.value))


def explained(change: float, effect: Vector | float) -> Vector:
    """How much smaller a change is without an effect, or each of several.

    >>> explained(-0.06, np.array([-0.05, -0.09, 0.01])).tolist()
    [0.05, 0.03, -0.01]
    """
    return abs(change) - np.abs(change - np.asarray(effect))


def causes(
    measure: Measure,
    reference: Partitions,
    window: Partitions,
    kinds: Mapping[str, ColumnKind],
    together: float = 0.0,
) -> list[Cause]:
    """Causes of the change, those that hold first, then by how much they explain; a few.

    `together` is what is known of the mix of all features.
    """
    chosen = _chosen(measure, reference, window, kinds)
    found = [_tested(measure, p, _of(window, p), ALPHA / len(chosen)) for p in chosen]
    holding = ranked([cause for cause in found if cause.holds], _told)
    rest = sorted((cause for cause in found if not cause.holds), key=lambda c: -c.explains)
    return [*_without_echoes(holding, together), *rest]


def _told(cause: Cause) -> Told:
    part = part_of(cause.split.change, cause.effect.value)
    return Told(cause.columns, cause.how is How.LOCAL, part)


def _without_echoes(found: list[Cause], together: float) -> list[Cause]:
    """Leave out what seems local and adds nothing to the causes that are told before it.

    The mix that explains most, and what is local before, leave so much of the change.
    """
    kept: list[Cause] = []
    mix, local = together, 0.0
    for cause in found:
        change, effect = cause.split.change, cause.effect.value
        if cause.how is How.LOCAL:
            if explained(change - mix - local, effect) < MIN_PART * abs(change):
                continue
            local += effect
        elif cause.explains > explained(change, mix):
            mix = effect
        kept.append(cause)
    return kept


def _of(window: Partitions, proposal: Proposal) -> Partition:
    columns = proposal.partition.columns
    if len(columns) == 1:
        return window.single[columns[0]]
    return next(pair for pair in window.pairs if pair.columns == columns)


def _chosen(
    measure: Measure, reference: Partitions, window: Partitions, kinds: Mapping[str, ColumnKind]
) -> list[Proposal]:
    """The best proposals of the first half, and of all pairs at most one."""
    single = []
    for name, partition in reference.single.items():
        if name in window.single:
            orders = _Orders(kinds[name])
            single += _proposed(measure, partition, window.single[name].of(0), orders)
    single.sort(key=lambda p: -p.explains)
    best = [
        proposal
        for how, most in MAX_TOLD.items()
        for proposal in [p for p in single if p.how is how][:most]
    ]
    pairs = []
    for partition, now in zip(reference.pairs, window.pairs, strict=False):
        pairs += _proposed(measure, partition, now.of(0), _Orders(None))
    pairs.sort(key=lambda p: -p.explains)
    most = single[0].explains if single else 0.0
    told = [
        pair
        for pair in pairs
        if pair.explains > most * (PAIR_LIKE if pair.how is How.LOCAL else PAIR_GAIN)
    ]
    return [*best, *told[:1]]


@dataclass(frozen=True, slots=True)
class _Orders:
    """Which segments of a partition are tried: of a pair, whose kind is None, its single parts."""

    kind: ColumnKind | None

    def members(self, preferred: Vector) -> Members:
        """Segments as rows of a table, parts as its columns; `preferred` parts come first."""
        k = len(preferred)
        if self.kind is None:
            return np.eye(k, dtype=bool)
        if self.kind is ColumnKind.NUMERIC:
            values = np.arange(k - 1)
            missing = np.arange(k) == k - 1
            return np.vstack([_prefixes(values, k), _prefixes(values[::-1], k), missing])
        known = np.where(np.isnan(preferred), -np.inf, preferred)
        return _prefixes(np.argsort(-known, kind="stable"), k)


def _prefixes(order: NDArray[np.int64], k: int) -> Members:
    found = np.zeros((len(order), k), dtype=bool)
    for place, part in enumerate(order):
        found[place:, part] = True
    return found


def _proposed(
    measure: Measure, partition: Partition, now: Cells, orders: _Orders
) -> list[Proposal]:
    """A mix and a local segment, each only if it explains anything."""
    before = partition.of(0)
    if now.labelled.sum() < MIN_ROWS or before.labelled.sum() < MIN_ROWS:
        return []
    whole = split(measure, before, now)
    sign = float(np.sign(whole.change))
    if not np.isfinite(whole.change) or not sign:
        return []
    found = []
    for how, preferred in _preferences(measure, before, now, sign).items():
        members = orders.members(preferred)
        effects = _effects(measure, (before, now), members, how, sign)
        if how is How.MIX:
            place = _like(effects, whole.mix.value, orders)
        else:
            place = _most(explained(whole.change, effects))
        chosen = () if place is None else tuple(np.flatnonzero(members[place]).tolist())
        if place is not None:
            found.append(
                Proposal(
                    partition, chosen, how, float(explained(whole.change, effects[place])), sign
                )
            )
        elif how is How.MIX and orders.kind is not None:
            explains = float(explained(whole.change, whole.mix.value))
            found.append(Proposal(partition, (), how, explains, sign))
    return [proposal for proposal in found if proposal.explains > 0]


def _like(effects: Vector, whole: float, orders: _Orders) -> int | None:
    """The segment that tells the mix of all parts: with categories the one of fewest parts."""
    gaps = np.abs(effects - whole)
    alike = gaps <= (1 - ENOUGH) * abs(whole)
    if not alike.any():
        return None
    return int(np.argmax(alike) if orders.kind is ColumnKind.CATEGORICAL else np.argmin(gaps))


def _most(explains: Vector) -> int | None:
    """The segment of fewest parts that explains nearly as much as the best one."""
    most = float(np.max(explains, initial=0.0))
    return int(np.argmax(explains >= NEARLY * most)) if most > 0 else None


def _preferences(measure: Measure, before: Cells, now: Cells, sign: float) -> dict[How, Vector]:
    """How early each part comes in a segment of either kind."""
    n, m = int(now.labelled.sum()), int(before.labelled.sum())
    pooled = (now.labelled + before.labelled) / (n + m)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    grown = now.labelled / n - before.labelled / m
    change, error = inside(measure, before, now)
    # of parts with few rows the size of a change is chance, so it is taken in standard errors
    return {How.MIX: _clear(grown, spread), How.LOCAL: _clear(sign * change, error)}


def _clear(change: Vector, error: Vector) -> Vector:
    found: Vector = np.divide(change, error, out=np.full(len(change), np.nan), where=error > 0)
    return found


def _effects(
    measure: Measure, periods: tuple[Cells, Cells], members: Members, how: How, sign: float
) -> Vector:
    """Effect of each segment; zero where a side is too small to tell."""
    (n_in, n_out), (usual_in, usual_out) = _sides(periods[0], members, measure)
    (m_in, m_out), (now_in, now_out) = _sides(periods[1], members, measure)
    enough = (n_in >= MIN_ROWS) & (n_out >= MIN_ROWS)
    share, usual = m_in / (m_in + m_out), n_in / (n_in + n_out)
    if how is How.MIX:
        mixed = share[:, None] * usual_in + (1 - share)[:, None] * usual_out
        own = usual[:, None] * usual_in + (1 - usual)[:, None] * usual_out
        effect = measure.value(mixed) - measure.value(own)
        enough &= share > usual
    else:
        there = measure.value(now_in) - measure.value(usual_in)
        elsewhere = measure.value(now_out) - measure.value(usual_out)
        effect = share * (there - _common(elsewhere, sign))
        enough &= (m_in >= MIN_ROWS) & (m_out >= MIN_ROWS) & (share <= MAX_LOCAL)
    found: Vector = np.where(enough & np.isfinite(effect), effect, 0.0)
    return found


def _common(elsewhere: Vector, sign: float) -> Vector:
    """What of the change is not of the segment alone."""
    return sign * np.maximum(sign * elsewhere, 0.0)


def _sides(
    cells: Cells, members: Members, measure: Measure
) -> tuple[tuple[Vector, Vector], tuple[Vector, Vector]]:
    """Labelled rows inside and outside of each segment, and their mean vectors."""
    found = []
    for side in (members, ~members):
        counts = side.astype(np.int64)
        found.append(Cells(counts @ cells.rows, counts @ cells.labelled, counts @ cells.sums))
    inner, outer = found
    counted = inner.labelled.astype(np.float64), outer.labelled.astype(np.float64)
    return counted, (measure.means(inner), measure.means(outer))


def _tested(measure: Measure, proposal: Proposal, now: Partition, alpha: float) -> Cause:
    """The proposal on all rows, and whether it holds on the half that it was not chosen on."""
    apart, _ = _measured(measure, proposal, (proposal.partition.of(1), now.of(1)))
    effect, whole = _measured(measure, proposal, (proposal.partition.of(), now.of()))
    enough = min(int(p.of(1).labelled.sum()) for p in (proposal.partition, now)) >= MIN_ROWS
    is_sure = proposal.sign * apart.value > float(ndtri(1 - alpha)) * apart.error
    is_large = explained(whole.change, effect.value) >= MIN_PART * abs(whole.change)
    before, after, there, elsewhere = _inside(measure, proposal, now)
    return Cause(
        columns=proposal.partition.columns,
        members=proposal.members,
        how=proposal.how,
        effect=effect,
        split=whole,
        before=before,
        now=after,
        there=there,
        elsewhere=elsewhere,
        holds=bool(enough and is_sure and is_large),
    )


def _measured(
    measure: Measure, proposal: Proposal, periods: tuple[Cells, Cells]
) -> tuple[Effect, Split]:
    before, now = (_two(cells, proposal) for cells in periods)
    whole = split(measure, before, now)
    if proposal.how is How.MIX:
        return whole.mix, whole
    change, error = inside(measure, before, now)
    n = int(now.labelled.sum())
    share = float(now.labelled[0]) / n
    excess = float(change[0] - _common(change[1], proposal.sign))
    drawn = excess * np.sqrt(share * (1 - share) / n)
    return Effect(share * excess, float(np.hypot(share * np.hypot(*error), drawn))), whole


def _two(cells: Cells, proposal: Proposal) -> Cells:
    if not proposal.members:
        return cells
    return cells.joined(np.isin(np.arange(len(cells.rows)), proposal.members))


def _inside(
    measure: Measure, proposal: Proposal, now: Partition
) -> tuple[float, float, float, float]:
    """Shares of the segment in both periods, and the change of performance in and out of it."""
    before, after = (_two(p.of(), proposal) for p in (proposal.partition, now))
    if not proposal.members:
        return 1.0, 1.0, float("nan"), float("nan")
    change, _ = inside(measure, before, after)
    usual, share = (float(cells.labelled[0] / cells.labelled.sum()) for cells in (before, after))
    return usual, share, float(change[0]), float(change[1])
