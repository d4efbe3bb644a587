"""What a window is compared with: summaries of the reference, read once and frozen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from monitoring_pipelines.config.model import instant
from monitoring_pipelines.domain.window import Cadence, Window, previous, window_of
from monitoring_pipelines.errors import EmptySampleError
from monitoring_pipelines.store.summaries import SummaryKey, get, get_segments, put
from monitoring_pipelines.summaries.binning import Binning
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.table import TableSummary

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.pipeline.reading import Reader
    from monitoring_pipelines.store.database import Store

# a given file has no period of its own; it is filed under the first instant there is
GIVEN = Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC))
# below so many distinct scores a table of them is kept exactly, above it to four decimals
EXACT_SCORES = 50_000


@dataclass(frozen=True, slots=True)
class ReferenceSummaries:
    """Label-free summary, and labelled ones by segment.

    `table` is None and `labelled` empty if there is nothing to compare with yet.
    """

    table: TableSummary | None
    labelled: dict[str, LabelledSummary]


@dataclass(slots=True)
class References:
    """Gives the bins and the reference of any window, from the store where it can."""

    reader: Reader
    store: Store
    now: datetime
    _fixed: ReferenceSummaries | None = field(default=None, init=False)
    _given: Rows | None = field(default=None, init=False)

    def binning(self) -> Binning:
        """Frozen bins: from the store, or fitted on the reference and kept.

        Raises
        ------
        EmptySampleError
            If the reference has no rows.
        """
        key = self._key("binning", self._period())
        with self.store.read() as connection:
            kept = get(connection, key)
        if isinstance(kept, Binning):
            return kept
        rows = self._rows(self._period())
        if not rows.n_rows:
            raise EmptySampleError("reference")
        binning = self.reader.fit(rows)
        with self.store.write() as connection:
            put(connection, key, binning, rows.n_rows)
        return binning

    def of(self, window: Window, binning: Binning) -> ReferenceSummaries:
        """What `window` is compared with."""
        if self.reader.model.config.reference.moves:
            return self._moving(window, binning)
        if self._fixed is None:
            self._fixed = ReferenceSummaries(self._table(binning), self._labelled(binning))
        return self._fixed

    def table_of(self, window: Window, binning: Binning, rows: Rows) -> TableSummary:
        """Summarise one window and keep the summary."""
        summary = self.reader.table(rows, binning)
        with self.store.write() as connection:
            put(connection, self._key("table", window, binning), summary, summary.n_rows)
        return summary

    def labelled_of(
        self, window: Window, binning: Binning, rows: Rows
    ) -> dict[str, LabelledSummary]:
        """Summarise one window's labelled rows and keep the summaries."""
        found = self.reader.labelled(rows, label_cut(self.reader, window, self.now))
        with self.store.write() as connection:
            for segment, summary in found.items():
                key = self._key("labelled", window, binning, segment)
                put(connection, key, _compact(summary), summary.n_rows)
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
        with self.store.read() as connection:
            kept = get(connection, key)
        if isinstance(kept, TableSummary):
            return kept
        rows = self._rows(self._period())
        summary = self.reader.table(rows, binning, self.reader.model.config.window)
        with self.store.write() as connection:
            put(connection, key, summary, summary.n_rows)
        return summary

    def _labelled(self, binning: Binning) -> dict[str, LabelledSummary]:
        config, period = self.reader.model.config, self._period()
        if config.labels is None:
            return {}
        segments_key = self._key("reference_labelled", period, binning)
        with self.store.read() as connection:
            kept = _labelled_segments(connection, segments_key)
        if kept:
            return kept
        rows = self._rows(period)
        own = period == GIVEN and config.labels.columns.label in rows.log.columns
        if period == GIVEN and not own and not config.predictions.columns.id:
            return {}
        cut = self.now if period == GIVEN else label_cut(self.reader, period, self.now)
        found = self.reader.labelled(rows, cut, own_labels=own)
        found = {segment: _compact(summary) for segment, summary in found.items()}
        # labels of the period may still come; only then is it read again
        if period == GIVEN or self.now >= period.end + self.reader.model.maturity:
            with self.store.write() as connection:
                for segment, summary in found.items():
                    key = replace(segments_key, segment=segment)
                    put(connection, key, summary, summary.n_rows)
        return found

    # --- earlier windows --------------------------------------------------------------------

    def _steps(self) -> int:
        reference = self.reader.model.config.reference
        hours = self.reader.model.config.window is Cadence.HOUR
        per_week = 7 * (24 if hours else 1)
        return reference.rolling or (reference.same_weekday or 1) * per_week

    def _earlier(self, window: Window) -> list[Window]:
        config = self.reader.model.config
        if config.reference.rolling is not None:
            found, at = [], window
            for _ in range(config.reference.rolling):
                at = previous(at, config.window, config.zone)
                found.append(at)
            return found
        weeks = range(1, (config.reference.same_weekday or 0) + 1)
        # local arithmetic: nine o'clock stays nine o'clock over a clock change
        starts = [window.start.astimezone(config.zone) - timedelta(weeks=week) for week in weeks]
        return [window_of(start, config.window, config.zone) for start in starts]

    def _moving(self, window: Window, binning: Binning) -> ReferenceSummaries:
        windows = self._earlier(window)
        found = [self._window_table(at, binning) for at in windows]
        tables = [table for table in found if table.n_rows]
        labelled: dict[str, LabelledSummary] = {}
        if self.reader.model.config.labels:
            for at in windows:
                for segment, summary in self._window_labelled(at, binning).items():
                    merged = labelled.get(segment)
                    labelled[segment] = merged + summary if merged else summary
        return ReferenceSummaries(reduce(add, tables) if tables else None, labelled)

    def _window_table(self, window: Window, binning: Binning) -> TableSummary:
        key = self._key("table", window, binning)
        with self.store.read() as connection:
            kept = get(connection, key)
        if isinstance(kept, TableSummary):
            return kept
        return self.table_of(window, binning, self.reader.rows(self.reader.predictions, window))

    def _window_labelled(self, window: Window, binning: Binning) -> dict[str, LabelledSummary]:
        with self.store.read() as connection:
            kept = _labelled_segments(connection, self._key("labelled", window, binning))
        if kept:
            return kept
        rows = self.reader.rows(self.reader.predictions, window)
        return self.labelled_of(window, binning, rows)

    def _key(
        self, kind: str, window: Window, binning: Binning | None = None, segment: str = ""
    ) -> SummaryKey:
        text = self.reader.model.config.summary_fingerprint
        text += binning.fingerprint if binning else self._given_version()
        return SummaryKey(
            model=self.reader.model.name,
            kind=kind,
            window=window.utc,
            segment=segment,
            fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16],
        )

    def _given_version(self) -> str:
        """Another file at the same place is another reference."""
        return self.reader.reference.version if self.reader.reference is not None else ""


def label_cut(reader: Reader, window: Window, now: datetime) -> datetime:
    """Moment whose labels count: now, or when the window's labels were mature.

    A final number therefore stays the same, however late it is computed again.
    """
    return min(now, window.end + reader.model.maturity) if reader.labels else now


def _compact(summary: LabelledSummary) -> LabelledSummary:
    scores = summary.scores
    if scores is not None and len(scores.scores) > EXACT_SCORES:
        scores = scores.rounded(4)
    return replace(summary, scores=scores)


def _labelled_segments(connection: Connection, key: SummaryKey) -> dict[str, LabelledSummary]:
    found = get_segments(connection, key)
    return {name: part for name, part in found.items() if isinstance(part, LabelledSummary)}
