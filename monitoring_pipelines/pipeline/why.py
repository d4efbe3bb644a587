"""What a window's change of performance comes from, and what drift does to it, as results."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.explanation import DRIFT, LOCAL, MIX, PAIR, WITHIN
from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.stats.intervals import normal_quantile
from monitoring_pipelines.summaries.partition import part_counts
from monitoring_pipelines.why.search import MIN_PART, How, causes, explained
from monitoring_pipelines.why.sentence import names, sentence, signed
from monitoring_pipelines.why.split import Effect, mix_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.binning import ColumnBinning
    from monitoring_pipelines.summaries.partition import Partition, Partitions
    from monitoring_pipelines.summaries.table import TableSummary
    from monitoring_pipelines.why.measure import Measure
    from monitoring_pipelines.why.search import Cause

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Together:
    """The change from a reference split by what was estimated of the same rows.

    An estimate tells what the reference's labels would do with the window's rows, so far as the
    model's answers (of a regression, its features too) say who they are. So `mix` is the estimate
    less the reference, of all features together, and `within` the rest.
    """

    mix: Effect
    within: Effect

    @classmethod
    def of(cls, estimated: Result | None, realised: Result | None) -> Together | None:
        """None without an estimate, its interval, a truth or a reference."""
        if estimated is None or realised is None:
            return None
        said, low, high = estimated.value, estimated.low, estimated.high
        truth, usual = realised.value, realised.reference_value
        if said is None or low is None or high is None or truth is None or usual is None:
            return None
        error = (high - low) / (2 * normal_quantile(CONFIDENCE))
        return cls(Effect(said - usual, error), Effect(truth - said, error))

    @property
    def holds(self) -> bool:
        """Whether the mix is beyond its interval, and explains a part of the change."""
        change, mix = self.mix.value + self.within.value, self.mix
        is_sure = abs(mix.value) > normal_quantile(CONFIDENCE) * mix.error
        return is_sure and bool(explained(change, mix.value) >= MIN_PART * abs(change) > 0)


@dataclass(frozen=True, slots=True)
class Explaining:
    """How one model's changes are explained: of which measure, over which features."""

    judging: Judging
    measure: Measure
    features: Mapping[str, ColumnBinning]

    def drift(
        self, window: Window, table: TableSummary, reference: Partitions | None, reason: str = ""
    ) -> list[Result]:
        """What each feature's shares alone do to the performance, without the window's labels.

        Without a `reference` the `reason` says why none of it is known.
        """
        if reference is None:
            return [self.judging.unknown(window, DRIFT, table.n_rows, reason)]
        results = []
        for name, partition in reference.single.items():
            column = table.columns.get(name)
            counts = part_counts(column) if column is not None else None
            results.append(self._drift(window, name, partition, counts))
        return results

    def _drift(
        self, window: Window, name: str, partition: Partition, counts: NDArray[np.int64] | None
    ) -> Result:
        n = 0 if counts is None else int(counts[:-1].sum())
        least = self.judging.config.drift.min_rows
        if counts is None or n < least:
            reason = f"{n:,} values are too few to judge; it needs {least:,}"
            if counts is None:
                reason = "the column is not in this window"
            return self.judging.unknown(window, DRIFT, n, reason, column=name)
        effect = mix_of(self.measure, partition.of(), counts)
        said = f"its shares alone change {self.measure.name} by {signed(effect.value)}"
        return self._result(window, DRIFT, n, said, effect, column=name)

    def causes(
        self,
        window: Window,
        periods: tuple[Partitions | None, Partitions],
        together: Together | None,
        shared: dict[str, Any],
    ) -> list[Result]:
        """Causes of a fall that was found, each as the split over its segment and the rest.

        `periods` are the reference and the window.
        """
        reference, now = periods
        if together is not None and not together.holds:
            together = None
        found: list[Cause] = []
        if reference is not None:
            kinds = {name: column.kind for name, column in self.features.items()}
            known = together.mix.value if together is not None else 0.0
            found = causes(self.measure, reference, now, kinds, known)
        results = [result for cause in found for result in self._told(window, cause, now, shared)]
        if together is not None:
            results += self._together(window, now.n_rows, together, shared)
        elif not any(cause.holds for cause in found):
            reason = (
                f"no mix and no segment of one or two features explains the change of "
                f"{self.measure.name} on rows that it was not chosen on"
            )
            results.append(self.judging.unknown(window, MIX, now.n_rows, reason, **shared))
        return results

    def _together(
        self, window: Window, n: int, split: Together, shared: dict[str, Any]
    ) -> list[Result]:
        """The mix of all features, of no column."""
        name = self.measure.name
        rest = f"with such rows it changed by {signed(split.within.value)}"
        said = (
            f"other rows came, as the estimate from what the model answered tells: all features "
            f"together change {name} by {signed(split.mix.value)}; {rest}"
        )
        return [
            self._result(window, MIX, n, said, split.mix, **shared),
            self._result(window, WITHIN, n, rest, split.within, **shared),
        ]

    def _told(
        self, window: Window, cause: Cause, now: Partitions, shared: dict[str, object]
    ) -> list[Result]:
        groups = next((pair.groups for pair in now.pairs if pair.columns == cause.columns), ())
        said = sentence(cause, self.measure.name, self.features, groups)
        shown = self.judging.config.segments
        more = shared | {
            "column": PAIR.join(cause.columns),
            "segment": names(cause, self.features, shown, groups),
        }
        n = int(next(iter(now.single.values())).of().labelled.sum())
        if cause.how is How.LOCAL:
            return [self._result(window, LOCAL, n, said, cause.effect, holds=cause.holds, **more)]
        inside = f"inside the parts {self.measure.name} changed by "
        inside += signed(cause.split.within.value)
        return [
            self._result(window, MIX, n, said, cause.effect, holds=cause.holds, **more),
            self._result(window, WITHIN, n, inside, cause.split.within, holds=cause.holds, **more),
        ]

    def _result(
        self,
        window: Window,
        metric: str,
        n: int,
        said: str,
        effect: Effect,
        *,
        holds: bool = True,
        **more: Any,
    ) -> Result:
        """Never worse than unknown: an explanation calls nobody."""
        if math.isnan(effect.value) or math.isnan(effect.error):
            reason = "no labelled rows of both periods to compare"
            return self.judging.unknown(window, metric, n, reason, **more)
        half = normal_quantile(CONFIDENCE) * effect.error
        if not holds:
            said = f"not seen on the rows that it was not chosen on: {said}"
        return self.judging.result(
            window,
            metric,
            n,
            Judgement(Verdict.OK if holds else Verdict.UNKNOWN, said),
            value=effect.value,
            low=effect.value - half,
            high=effect.value + half,
            **more,
        )
