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
from monitoring_pipelines.why.search import How, causes
from monitoring_pipelines.why.sentence import names, sentence, signed
from monitoring_pipelines.why.split import mix_of

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
    from monitoring_pipelines.why.split import Effect

CONFIDENCE = 0.95


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
        reference: Partitions | None,
        now: Partitions,
        shared: dict[str, object],
    ) -> list[Result]:
        """Causes of a fall that was found, each as the split over its segment and the rest."""
        found: list[Cause] = []
        if reference is not None:
            kinds = {name: column.kind for name, column in self.features.items()}
            found = causes(self.measure, reference, now, kinds)
        results = [result for cause in found for result in self._told(window, cause, now, shared)]
        if not any(cause.holds for cause in found):
            reason = (
                f"no mix and no segment of one or two features explains the change of "
                f"{self.measure.name} on rows that it was not chosen on"
            )
            results.append(self.judging.unknown(window, MIX, now.n_rows, reason, **shared))
        return results

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
