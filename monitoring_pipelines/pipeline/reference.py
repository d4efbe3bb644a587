"""What a window is compared with: summaries of the reference, read once and frozen."""

from __future__ import annotations

import hashlib
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
from monitoring_pipelines.store.summaries import SummaryKey, get_segments, put
from monitoring_pipelines.summaries.binning import Binning
from monitoring_pipelines.summaries.codec import Summary
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.leaves import LeafLosses
from monitoring_pipelines.summaries.partition import Partitions
from monitoring_pipelines.summaries.table import TableSummary
from monitoring_pipelines.why.pairs import choose_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.pipeline.reading import Reader
    from monitoring_pipelines.store.database import Store

# a given file has no period of its own; it is filed under the first instant there is
GIVEN = Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC))
# changes with what a labelled summary holds, so that one of an older release is not taken for it
LABELLED = "with ages and ranks"
# kind of a labelled summary that only one run may use, since its labels still come
NOT_STORED = "labelled so far"
OF_A_WINDOW = frozenset({"table", "labelled", "partitions", "versions"})

Summaries = dict[str, Summary]


@dataclass(slots=True)
class References:
    """Gives the bins and the reference of any window, from the store where it can.

    What is summarised anew is stored by `keep`, once it is known that no file changed under it.
    """

    reader: Reader
    store: Store
    now: datetime
    _given: Rows | None = field(default=None, init=False)
    _known: dict[SummaryKey, Summaries] = field(default_factory=dict, init=False)
    _new: set[SummaryKey] = field(default_factory=set, init=False)
    _versions: dict[Window, Mapping[str, int]] = field(default_factory=dict, init=False)

    def binning(self) -> Binning:
        """Frozen bins: from the store, or fitted on the reference and kept.

        Raises
        ------
        EmptySampleError
            If the reference has no rows.
        """
        key = self._key("binning", self._period())
        kept = self._get(key)
        if isinstance(kept, Binning):
            return kept
        rows = self._rows(self._period())
        if not rows.n_rows:
            raise EmptySampleError("reference")
        binning = self.reader.fit(rows)
        self._put(key, {"": binning})
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
        kept = [key for key in self._new if key.kind != NOT_STORED]
        if kept:
            with self.store.write() as connection:
                for key in kept:
                    for segment, summary in self._known[key].items():
                        put(connection, replace(key, segment=segment), summary, _n_rows(summary))
        self._new.clear()
        for key in kept:  # the memory of a long backfill stays bounded
            if key.kind in OF_A_WINDOW and any(map(_n_rows, self._known[key].values())):
                del self._known[key]

    def forget(self) -> None:
        """Drop what was summarised since the last time: a file changed, or could not be read."""
        self._given = None
        self._versions.clear()
        for key in self._new:
            del self._known[key]
        self._new.clear()

    def table_of(self, window: Window, binning: Binning, rows: Rows) -> TableSummary:
        """Summarise one window."""
        summary = self.reader.table(rows, binning)
        self._put(self._key("table", window, binning), {"": summary})
        if self.reader.model.config.reference.previous_version:
            told = previous_version.only_versions(summary.n_rows, summary.versions)
            self._put(self._key("versions", window), {"": told})
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
        self._put(self._labelled_key(window, binning), dict(compact))
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
        if self.reader.reference is not None:
            if self._given is None:
                self._given = self.reader.rows(self.reader.reference, None)
            return self._given
        rows = self.reader.rows(self.reader.predictions, period)
        if rows.n_rows or not self.reader.model.config.reference.moves:
            return rows
        # no history before the start: the first windows that are monitored are the reference
        length = period.end - period.start
        return self.reader.rows(self.reader.predictions, Window(period.end, period.end + length))

    def _table(self, binning: Binning) -> TableSummary:
        key = self._key("reference_table", self._period(), binning)
        kept = self._get(key)
        if isinstance(kept, TableSummary):
            return kept
        rows = self._rows(self._period())
        summary = self.reader.table(rows, binning, period=True)
        self._put(key, {"": summary})
        return summary

    def _labelled(self, binning: Binning) -> dict[str, LabelledSummary]:
        if self.reader.model.config.labels is None:
            return {}
        key = self._mature_key("reference_labelled", binning)
        if kept := self._get_labelled(key):
            return kept
        if (found := self._labelled_rows()) is None:
            return {}
        rows, cut, own = found
        summaries = self.reader.labelled(rows, cut, own_labels=own)
        summaries = {segment: summary.compact() for segment, summary in summaries.items()}
        self._put(key, dict(summaries))
        return summaries

    def losses(self, binning: Binning) -> LeafLosses | None:
        """Losses of a fixed reference's rows by a tree over the features; None without labels."""
        key = self._mature_key("reference_losses", binning, "losses")
        kept = self._get(key)
        if isinstance(kept, LeafLosses):
            return kept
        if (found := self._labelled_rows()) is None:
            return None
        rows, cut, own = found
        losses = self.reader.losses(rows, cut, binning, own_labels=own)
        self._put(key, {"": losses})
        return losses

    def _partitions(self, binning: Binning) -> Partitions | None:
        config = self.reader.model.config
        if config.labels is None:
            return None
        key = self._mature_key("reference_partitions", binning, self._split)
        kept = self._get(key)
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
        self._put(key, {"": parts})
        return parts

    @property
    def is_mature(self) -> bool:
        """Whether no label of a fixed reference may still come; until then it is read every run."""
        period = self._period()
        return period == GIVEN or self.now >= period.end + self.reader.model.maturity

    def _mature_key(self, kind: str, binning: Binning, split: str = "") -> SummaryKey:
        return self._key(kind if self.is_mature else NOT_STORED, self._period(), binning, split)

    def _labelled_rows(self) -> tuple[Rows, datetime, bool] | None:
        """Rows, the moment whose labels count, and whether these stand beside the predictions."""
        config, period = self.reader.model.config, self._period()
        rows = self._rows(period)
        assert config.labels is not None  # noqa: S101 - only asked for with labels
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
            key = self._key("versions", window)
            kept = self._get(key)
            if not isinstance(kept, TableSummary):
                kept = self.reader.served(self.reader.rows(self.reader.predictions, window))
                self._put(key, {"": kept})
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
        kept = self._get(self._key("table", window, binning))
        if isinstance(kept, TableSummary):
            return kept
        return self.table_of(window, binning, self.reader.rows(self.reader.predictions, window))

    def _window_labelled(self, window: Window, binning: Binning) -> dict[str, LabelledSummary]:
        if not self.reader.model.config.labels:
            return {}
        if kept := self._get_labelled(self._labelled_key(window, binning)):
            return kept
        self.labelled_of(window, binning, self.reader.rows(self.reader.predictions, window))
        return self._get_labelled(self._labelled_key(window, binning))

    def _window_partitions(self, window: Window, binning: Binning) -> Partitions:
        final = self.now >= window.end + self.reader.model.maturity
        key = self._key("partitions" if final else NOT_STORED, window, binning, self._split)
        kept = self._get(key)
        if isinstance(kept, Partitions):
            return kept
        rows = self.reader.rows(self.reader.predictions, window)
        found = self.partitions_of(window, binning, rows, ())
        self._put(key, {"": found})
        return found

    # --- the store ----------------------------------------------------------------------------

    @property
    def _split(self) -> str:
        """What partitions depend on besides the bins."""
        return f"{self.reader.measure.name} {self.reader.model.config.performance.threshold}"

    def _labelled_key(self, window: Window, binning: Binning) -> SummaryKey:
        final = self.now >= window.end + self.reader.model.maturity
        return self._key("labelled" if final else NOT_STORED, window, binning)

    def _get(self, key: SummaryKey) -> Summary | None:
        return self._all(key).get("")

    def _get_labelled(self, key: SummaryKey) -> dict[str, LabelledSummary]:
        found = self._all(key).items()
        return {name: part for name, part in found if isinstance(part, LabelledSummary)}

    def _all(self, key: SummaryKey) -> Summaries:
        if key in self._known or key.kind == NOT_STORED:
            return self._known.get(key, {})
        with self.store.read() as connection:
            kept = get_segments(connection, key)
        if key.kind in OF_A_WINDOW:
            # an empty window is looked at again by another run: its rows may have come late
            return kept if any(map(_n_rows, kept.values())) else {}
        if kept:
            self._known[key] = kept
        return kept

    def _put(self, key: SummaryKey, summaries: Summaries) -> None:
        self._known[key] = summaries
        self._new.add(key)

    def _key(
        self, kind: str, window: Window, binning: Binning | None = None, split: str = ""
    ) -> SummaryKey:
        text = self.reader.model.config.summary_fingerprint + split + self.reader.vectors.versions
        text += binning.fingerprint if binning else self._given_version()
        text += LABELLED if kind.endswith("labelled") else ""
        return SummaryKey(
            model=self.reader.model.name,
            kind=kind,
            window=window.utc,
            fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16],
        )

    def _given_version(self) -> str:
        """Another file at the same place is another reference."""
        return self.reader.reference.version if self.reader.reference is not None else ""


def _n_rows(summary: Summary) -> int:
    counted = TableSummary | LabelledSummary | Partitions
    return summary.n_rows if isinstance(summary, counted) else 0
