"""What a metric is, and the registries that hold them.

A metric is one file with one pure function. Drift compares two summaries of a column and brings a
*noise floor*: what chance alone exceeds with probability alpha. Quality and performance bring an
*interval*. Nothing here knows thresholds beyond `tolerance`, the smallest change that matters in
practice, which a user may override. Sanity looks at what is odd about a column rather than bad, and
says so in a sentence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines.errors import EmptySampleError
from monitoring_pipelines.registry import Registry
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitoring_pipelines.domain.task import Task
    from monitoring_pipelines.summaries.activity import Activity
    from monitoring_pipelines.summaries.column import ColumnSummary
    from monitoring_pipelines.summaries.labelled import LabelledSummary

Interval = tuple[float, float]
# what part of the way to the best value matters if it is lost, and the least part of a tolerance
HEADROOM, LEAST_PART = 0.25, 0.1
Distribution = Histogram | Categories


class Direction(StrEnum):
    """Which way a metric gets worse."""

    HIGHER_IS_WORSE = "higher_is_worse"
    LOWER_IS_WORSE = "lower_is_worse"
    AWAY_FROM_ZERO_IS_WORSE = "away_from_zero_is_worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftMetric:
    """Change of a column's distribution: ``compute(reference, analysis)``, 0 if there is none.

    `kinds` are the summaries that it takes. ``noise_floor(reference, analysis, alpha)`` is what
    chance alone exceeds with probability alpha, ``expected(reference, analysis)`` what it gives on
    average; both are in the metric's own unit. If `additive`, the parts of chance and of a change
    add up; otherwise their squares do, as those of distances, and the average is of the squares.
    Of what a column may cry wolf a metric gets `weight` parts: the union bound holds for any parts.
    """

    name: str
    kinds: tuple[type[Any], ...]
    bounds: Interval
    symmetric: bool
    tolerance: float
    compute: Callable[[Any, Any], float]
    noise_floor: Callable[[Any, Any, float], float]
    expected: Callable[[Any, Any], float]
    additive: bool = False
    weight: int = 4
    direction: Direction = Direction.HIGHER_IS_WORSE

    def excess(self, value: float, expected: float) -> float:
        """`value` without the part that chance gives on average; at least 0.

        >>> from monitoring_pipelines.metrics import DRIFT
        >>> DRIFT["psi"].excess(0.25, 0.05), DRIFT["jensen_shannon"].excess(0.5, 0.3)
        (0.2, 0.4)
        """
        if self.additive:
            return max(0.0, value - expected)
        return math.sqrt(max(0.0, value**2 - expected**2))


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityMetric:
    """Share of bad values of a column: ``compute(reference, analysis)`` gives ``(bad, of)``.

    The share is bad / of, judged against that of the reference. What is bad may be defined by the
    reference, which then has none by construction; `left_out` counts the rows of the reference
    that would be bad if each were judged by all others. It may raise `NotApplicableError` for a
    kind of column that it has no meaning for.
    """

    name: str
    tolerance: float
    compute: Callable[[ColumnSummary, ColumnSummary], tuple[int, int]]
    left_out: Callable[[ColumnSummary], tuple[int, int]] | None = None
    bounds: Interval = (0.0, 1.0)
    direction: Direction = Direction.HIGHER_IS_WORSE

    def usual(self, reference: ColumnSummary) -> tuple[int, int]:
        """``(bad, of)`` that a window without any change is compared with."""
        if self.left_out is not None:
            return self.left_out(reference)
        return self.compute(reference, reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One column: in the reference, in the window, and in a few windows before it, newest first."""

    reference: ColumnSummary
    window: ColumnSummary
    earlier: Sequence[ColumnSummary] = ()


class Level(NamedTuple):
    """A category, its share of the window and of the reference."""

    name: str
    value: float
    reference_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is odd about a column, and what to do: `said` is the sentence that a person reads.

    `value` and `reference_value` are shares of rows, `n` is the number of values looked at.
    `levels` are the categories that it is about, if it is about some of them.
    """

    value: float
    reference_value: float | None
    n: int
    said: str
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SanityCheck:
    """What is odd about a column: ``compute(seen, alpha)`` gives a finding or None.

    With no change at all it finds something with probability `alpha` at most. What is `told_once`
    is a lasting fact of the column and no news in a later window. Scores and probabilities of the
    model are looked at too if it is `of_scores`.
    """

    name: str
    compute: Callable[[Seen, float], Finding | None]
    told_once: bool = False
    of_scores: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceMetric:
    """Performance on labelled rows: ``compute(labelled)``, ``interval(labelled, confidence)``.

    If `relative`, the tolerance is a share of the reference's value (0.1: ten per cent worse);
    otherwise it is in the metric's own unit, and a smaller one near perfection (see `limit`). Of
    fewer scored rows of either class than `least_of_class` the interval says nothing, and there is
    no verdict.
    """

    name: str
    tasks: frozenset[Task]
    bounds: Interval
    direction: Direction
    tolerance: float
    relative: bool
    compute: Callable[[LabelledSummary], float]
    interval: Callable[[LabelledSummary, float], Interval]
    least_of_class: int = 0

    def limit(self, usual: float, chosen: float | None = None) -> float:
        """Smallest loss that matters, in the metric's own unit, at the value of the reference.

        What somebody has `chosen` is taken as it is. Otherwise, of a metric whose best value is 1,
        a loss of a quarter of what is missing to that matters too, down to a tenth of the
        tolerance: of an area of 0.99, one of 0.97 is three times as many pairs in the wrong order.

        >>> from monitoring_pipelines.metrics import PERFORMANCE
        >>> [PERFORMANCE["roc_auc"].limit(usual) for usual in (0.75, 0.96, 1.0)]
        [0.02, 0.01, 0.002]
        """
        share = self.tolerance if chosen is None else chosen
        if self.relative:
            return share * abs(usual)
        if chosen is not None or (self.direction, self.bounds[1]) != (Direction.LOWER_IS_WORSE, 1):
            return share
        return min(share, max(LEAST_PART * share, HEADROOM * (1 - usual)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalMetric:
    """What calls or tasks came to: ``compute(activity)``, ``interval(activity, confidence)``.

    `code` is its number in the catalogue of signals. It counts the levels of `column`, or, if
    `is_amount`, the values in it; ``n(activity)`` is the number of rows that have one. Below
    `min_rows` of them there is no verdict. `relative` is as of a performance metric. A `total`
    grows with the rows, so only a limit judges it. With `each` it is told of every name that the
    activity's shares of that name have, such as every tool.
    """

    name: str
    code: str
    what: str
    tasks: frozenset[Task]
    column: str
    is_amount: bool
    bounds: Interval
    direction: Direction
    tolerance: float
    relative: bool
    min_rows: int
    n: Callable[[Activity], int]
    compute: Callable[[Activity], float]
    interval: Callable[[Activity, float], Interval]
    total: bool = False
    each: str = ""

    def limit(self, usual: float, chosen: float | None = None) -> float:
        """Smallest loss that matters, in the metric's own unit, at the value of the reference."""
        share = self.tolerance if chosen is None else chosen
        return share * abs(usual) if self.relative else share


class Part(NamedTuple):
    """`hits` of `of` rows of a group, such as the favourable decisions of all."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """Of no rows it is an error."""
        if not self.of:
            raise EmptySampleError("group's")
        return self.hits / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessMetric:
    """A group against the rest: ``compute(group, rest)``, ``interval(group, rest, confidence)``.

    ``counts`` takes the `Selection` of a group or, if it `needs_labels`, its `Cells`, and gives the
    rows that the rate is of; `rate` says so in words. A ratio is fair at 1, a gap at 0.
    """

    name: str
    bounds: Interval
    direction: Direction
    tolerance: float
    needs_labels: bool
    rate: str
    counts: Callable[[Any], Part]
    compute: Callable[[Part, Part], float]
    interval: Callable[[Part, Part, float], Interval]


DRIFT = Registry[DriftMetric]("drift metric")
QUALITY = Registry[QualityMetric]("quality metric")
SANITY = Registry[SanityCheck]("sanity check")
FAIRNESS = Registry[FairnessMetric]("fairness metric")
SIGNALS = Registry[SignalMetric]("signal")
PERFORMANCE = Registry[PerformanceMetric]("performance metric")
