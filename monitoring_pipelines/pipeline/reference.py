"""What a window is compared with: summaries of the reference, read once and frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.partition import Parting
from monitoring_pipelines.config.section import instant
from monitoring_pipelines.domain.window import Cadence, Window, previous, window_of
from monitoring_pipelines.errors import EmptySampleError
from monitoring_pipelines.pipeline import previous_version
from monitoring_pipelines.pipeline.compared import earlier
from monitoring_pipelines.pipeline.kept import NOT_STORED, Kept
from monitoring_pipelines.summaries.binning import Binning
from monitoring_pipelines.summaries.leaves import LeafLosses
from monitoring_pipelines.summaries.partition import Partitions
from monitoring_pipelines.summaries.table import TableSummary
from monitoring_pipelines.why.pairs import choose_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.pipeline.reading import Reader
    from monitoring_pipelines.store.database import Store
    from monitoring_pipelines.store.summaries import SummaryKey
    from monitoring_pipelines.summaries.labelled import LabelledSummary

# a given file has no period of its own; it is filed under the first instant there is
GIVEN = Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC))


@dataclass(slots=True)
class References:
    """Gives the bins and the reference of any window, from the store where it can.

    What is summarised anew is stored by `keep`, once it is known that no file changed under it.
    """

    reader: Reader
    store: Store
    now: datetime
    _kept: Kept = field(init=False)
    _given: Rows | None = field(default=None, init=False)
    _versions: dict[Window, Mapping[str, int]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._kept = Kept(self.reader, self.store)

    def binning(self) -> Binning:
        """Frozen bins: from the store, or fitted on the reference and kept.

        Raises
        ------
        EmptySampleError
            If the reference has no rows.
        """
        key = self._kept.key("binning", self._period())
        kept = self._kept.get(key)
        if isinstance(kept, Binning):
            return kept
        rows = self._rows(self._period())
        if not rows.n_rows:
            raise EmptySampleError("reference")
        binning = self.reader.fit(rows)
        self._kept.put(key, {"": binning})
        return binning

    def table(
        self, window: Window, binning: Binning
    ) -> tuple[TableSummary | None, list[TableSummary]]:
        """Rows that `window` is compared with, and the single windows that they are of.

        None if there is nothing yet; no single windows of a fixed reference, which is one.
        """
        if not self.reader.model.config.reference.moves:
            return self._table(binning), []
        found = [self._window_table(at, binning) for at in self._moving(window)]
        tables = [part for part in found if part.n_rows]
        return (reduce(add, tables) if tables else None), tables

    def labelled(
        self, window: Window, binning: Binning
    ) -> tuple[dict[str, LabelledSummary], list[dict[str, LabelledSummary]]]:
        """Labelled rows that `window` is compared with, by segment, and those of single windows."""
        if not self.reader.model.config.reference.moves:
            return self._labelled(binning), []
        parts = [self._window_labelled(at, binning) for at in self._moving(window)]
        merged: dict[str, LabelledSummary] = {}
        for part in parts:
            for segment, summary in part.items():
                known = merged.get(segment)
                merged[segment] = known + summary if known else summary
        return merged, parts

    def before(self, window: Window, binning: Binning, count: int) -> list[TableSummary]:
        """Up to `count` monitored windows before `window`, newest first, empty ones left out."""
        found = [self._window_table(at, binning) for at in self.windows_before(window, count)]
        return [table for table in found if table.n_rows]

    def windows_before(self, window: Window, count: int) -> list[Window]:
        """Up to `count` monitored windows before `window`, newest first."""
        config = self.reader.model.config
        found = [previous(window, config.window, config.zone, i + 1) for i in range(count)]
        return [at for at in found if at.start >= config.first]

    def partitions(self, window: Window, binning: Binning) -> Partitions | None:
        """Labelled rows that `window` is compared with, by the parts of each feature.

        A fixed reference also has pairs of features. None if there are no labels to part.
        """
        config = self.reader.model.config
        if not config.reference.moves:
            return self._partitions(binning)
        if config.labels is None:
            return None
        found = [self._window_partitions(at, binning) for at in self._moving(window)]
        return reduce(add, parts) if (parts := [part for part in found if part.n_rows]) else None

    def losses(self, window: Window, binning: Binning) -> LeafLosses | None:
        """Losses of the rows that `window` is compared with, by a tree over the features.

        The tree is grown once, on what the bins are fitted on. None without labels.
        """
        grown = self._losses(binning)
        if grown is None or not self.reader.model.config.reference.moves:
            return grown
        found = [self._window_losses(at, binning, grown) for at in self._moving(window)]
        return reduce(add, parts) if (parts := [part for part in found if part.n_rows]) else None

    def partitions_of(
        self, window: Window, binning: Binning, rows: Rows, pairs: Sequence[Parting]
    ) -> Partitions:
        """Part one window's rows, with the labels that are known by now."""
        cut = self.reader.label_cut(window, self.now)
        found = self.reader.partitions(rows, cut, binning)
        if pairs:
            more = self.reader.partitions(rows, cut, binning, pairs=pairs)
            found = replace(found, pairs=more.pairs)
        return found

    def keep(self) -> None:
        """Store what was summarised since the last time."""
        self._kept.keep()

    def forget(self) -> None:
        """Drop what was summarised since the last time: a file changed, or could not be read."""
        self._given = None
        self._versions.clear()
        self._kept.forget()

    def table_of(self, window: Window, binning: Binning, rows: Rows) -> TableSummary:
        """Summarise one window."""
        summary = self.reader.table(rows, binning)
        self._kept.put(self._kept.key("table", window, binning), {"": summary})
        if self.reader.model.config.reference.previous_version:
            told = previous_version.only_versions(summary.n_rows, summary.versions)
            self._kept.put(self._kept.key("versions", window), {"": told})
            self._versions[window] = told.versions
        return summary

    def previous(self, window: Window) -> previous_version.Previous:
        """The version that served before that of `window`, and its windows."""
        back = previous_version.searched(self.reader.model.config, window, self._period().start)
        told = ((at, self._versions_of(at)) for at in back)
        return previous_version.find_previous(self._versions_of(window), told)

    def labelled_of(
        self, window: Window, binning: Binning, rows: Rows
    ) -> dict[str, LabelledSummary]:
        """Summarise one window's labelled rows with the labels that are known by now."""
        found = self.reader.labelled(rows, self.reader.label_cut(window, self.now))
        compact = {segment: summary.compact() for segment, summary in found.items()}
        self._kept.put(self._labelled_key(window, binning), dict(compact))
        return found

    # --- a fixed period or a given file -----------------------------------------------------

    def _period(self) -> Window:
        """Window that the bins are fitted on."""
        config = self.reader.model.config
        reference = config.reference
        if reference.location is not None:
            return GIVEN
        if reference.start is not None and reference.end is not None:
            return Window(
                instant(reference.start, config.zone), instant(reference.end, config.zone)
            )
        count = self._steps()
        first = window_of(config.first, config.window, config.zone)
        return Window(previous(first, config.window, config.zone, count).start, first.start)

    def _rows(self, period: Window) -> Rows:
        return self._found(period)[0]

    def _found(self, period: Window) -> tuple[Rows, Window]:
        """Rows of the period, and the period that they are of."""
        if self.reader.reference is not None:
            if self._given is None:
                self._given = self.reader.rows(self.reader.reference, None)
            return self._given, period
        rows = self.reader.rows(self.reader.predictions, period)
        if rows.n_rows or not self.reader.model.config.reference.moves:
            return rows, period
        # no history before the start: the first windows that are monitored are the reference
        later = Window(period.end, period.end + (period.end - period.start))
        return self.reader.rows(self.reader.predictions, later), later

    def _table(self, binning: Binning) -> TableSummary:
        key = self._kept.key("reference_table", self._period(), binning)
        kept = self._kept.get(key)
        if isinstance(kept, TableSummary):
            return kept
        rows = self._rows(self._period())
        summary = self.reader.table(rows, binning, period=True)
        self._kept.put(key, {"": summary})
        return summary

    def _labelled(self, binning: Binning) -> dict[str, LabelledSummary]:
        if self.reader.model.config.labels is None:
            return {}
        key = self._mature_key("reference_labelled", binning)
        if kept := self._kept.get_labelled(key):
            return kept
        if (found := self._labelled_rows()) is None:
            return {}
        rows, cut, own = found
        summaries = self.reader.labelled(rows, cut, own_labels=own)
        summaries = {segment: summary.compact() for segment, summary in summaries.items()}
        self._kept.put(key, dict(summaries))
        return summaries

    def _losses(self, binning: Binning) -> LeafLosses | None:
        for kind in ("reference_losses", NOT_STORED):
            kept = self._kept.get(self._kept.key(kind, self._period(), binning, "losses"))
            if isinstance(kept, LeafLosses):
                return kept
        if (found := self._labelled_rows()) is None:
            return None
        rows, cut, own = found
        losses = self.reader.losses(rows, cut, binning, own_labels=own)
        # what is put under the name of labels that still come is of this run alone
        kind = "reference_losses" if self._is_mature(self._found(self._period())[1]) else NOT_STORED
        key = self._kept.key(kind, self._period(), binning, "losses")
        self._kept.put(key, {"": losses})
        return losses

    def _partitions(self, binning: Binning) -> Partitions | None:
        config = self.reader.model.config
        if config.labels is None:
            return None
        key = self._mature_key("reference_partitions", binning, self._split)
        kept = self._kept.get(key)
        if isinstance(kept, Partitions):
            return kept
        if (found := self._labelled_rows()) is None:
            return None
        rows, cut, own = found
        parts = self.reader.partitions(rows, cut, binning, own_labels=own)
        chosen = choose_pairs(
            self.reader.measure, parts, self.reader.features(binning), config.segments
        )
        pairs = [Parting(*pair) for pair in chosen]
        more = self.reader.partitions(rows, cut, binning, pairs=pairs, own_labels=own)
        parts = replace(parts, pairs=more.pairs)
        self._kept.put(key, {"": parts})
        return parts

    @property
    def is_mature(self) -> bool:
        """Whether no label of a fixed reference may still come; until then it is read every run."""
        return self._is_mature(self._period())

    def _is_mature(self, period: Window) -> bool:
        return period == GIVEN or self.now >= period.end + self.reader.model.maturity

    def _mature_key(self, kind: str, binning: Binning, split: str = "") -> SummaryKey:
        kind = kind if self.is_mature else NOT_STORED
        return self._kept.key(kind, self._period(), binning, split)

    def _labelled_rows(self) -> tuple[Rows, datetime, bool] | None:
        """Rows, the moment whose labels count, and whether these stand beside the predictions."""
        config = self.reader.model.config
        if config.labels is None:
            return None
        rows, period = self._found(self._period())
        own = period == GIVEN and config.labels.columns.label in rows.log.columns
        if period == GIVEN and not own and not config.predictions.columns.id:
            return None
        cut = self.now if period == GIVEN else self.reader.label_cut(period, self.now)
        return rows, cut, own

    # --- earlier windows --------------------------------------------------------------------

    def _moving(self, window: Window) -> Sequence[Window]:
        """Windows of a reference that moves, newest first."""
        config = self.reader.model.config
        if config.reference.previous_version:
            return self.previous(window).windows
        return earlier(config, window)

    def _versions_of(self, window: Window) -> Mapping[str, int]:
        """Rows of a window by model version; from the log, so that no order of runs matters."""
        if window not in self._versions:
            key = self._kept.key("versions", window)
            kept = self._kept.get(key)
            if not isinstance(kept, TableSummary):
                kept = self.reader.served(self.reader.rows(self.reader.predictions, window))
                self._kept.put(key, {"": kept})
            self._versions[window] = kept.versions
        return self._versions[window]

    def _steps(self) -> int:
        reference = self.reader.model.config.reference
        if reference.previous_version:
            return previous_version.TAKEN
        hours = self.reader.model.config.window is Cadence.HOUR
        per_week = 7 * (24 if hours else 1)
        return reference.rolling or (reference.same_weekday or 1) * per_week

    def _window_table(self, window: Window, binning: Binning) -> TableSummary:
        kept = self._kept.get(self._kept.key("table", window, binning))
        if isinstance(kept, TableSummary):
            return kept
        return self.table_of(window, binning, self.reader.rows(self.reader.predictions, window))

    def _window_labelled(self, window: Window, binning: Binning) -> dict[str, LabelledSummary]:
        if not self.reader.model.config.labels:
            return {}
        if kept := self._kept.get_labelled(self._labelled_key(window, binning)):
            return kept
        self.labelled_of(window, binning, self.reader.rows(self.reader.predictions, window))
        return self._kept.get_labelled(self._labelled_key(window, binning))

    def _window_partitions(self, window: Window, binning: Binning) -> Partitions:
        key = self._window_key("partitions", window, binning, self._split)
        kept = self._kept.get(key)
        if isinstance(kept, Partitions):
            return kept
        rows = self.reader.rows(self.reader.predictions, window)
        found = self.partitions_of(window, binning, rows, ())
        self._kept.put(key, {"": found})
        return found

    def _window_losses(self, window: Window, binning: Binning, grown: LeafLosses) -> LeafLosses:
        key = self._window_key("losses", window, binning, grown.fingerprint)
        kept = self._kept.get(key)
        if isinstance(kept, LeafLosses):
            return kept
        rows = self.reader.rows(self.reader.predictions, window)
        cut = self.reader.label_cut(window, self.now)
        losses = self.reader.losses(rows, cut, binning, grown)
        self._kept.put(key, {"": losses})
        return losses

    @property
    def _split(self) -> str:
        """What partitions depend on besides the bins."""
        return f"{self.reader.measure.name} {self.reader.model.config.performance.threshold}"

    def _labelled_key(self, window: Window, binning: Binning) -> SummaryKey:
        return self._window_key("labelled", window, binning)

    def _window_key(
        self, kind: str, window: Window, binning: Binning, split: str = ""
    ) -> SummaryKey:
        """Key of what depends on the labels of one window; not stored while they still come."""
        final = self.now >= window.end + self.reader.model.maturity
        return self._kept.key(kind if final else NOT_STORED, window, binning, split)
