"""A log of LLM or agent calls as a source like any other: one table for each window."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.llm_behaviour import PLAIN, Toolbox, new_places
from monitoring_pipelines.backends.duckdb.llm_window import (
    Read,
    Wanted,
    billed_tokens,
    bound,
    columns_of,
    drop,
    logged_tokens,
    models_of,
    source,
    undated,
    write_window,
)
from monitoring_pipelines.backends.duckdb.log import Log, time_column
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.checks.judgement import Judgement, Share
from monitoring_pipelines.checks.quarantine import judge_quarantine
from monitoring_pipelines.checks.reconciliation import judge_reconciliation
from monitoring_pipelines.config.source import Predictions
from monitoring_pipelines.domain.path_date import PathDate
from monitoring_pipelines.domain.retirement import RETIREMENT, retirement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.errors import SourceChangedError
from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.logs.llm.prices import brackets, last_day, rates, version
from monitoring_pipelines.logs.llm.spool import call_types
from monitoring_pipelines.pipeline.environment import hash_key, home_of, readers
from monitoring_pipelines.pipeline.llm_cache import LlmCache
from monitoring_pipelines.pipeline.sources import Opened, Remark

if TYPE_CHECKING:
    from datetime import date

    from monitoring_pipelines.domain.files import FileSet
    from monitoring_pipelines.logs.llm.prices import LastDay
    from monitoring_pipelines.pipeline.llm_cache import Reading

# windows that stay at hand: the one that is judged, and those shortly before it
AT_HAND = 4
# what the readers write and what is derived of it: no texts of people
WORDS = frozenset(call_types()) | {
    *("price_status", "error_kind", "ending", "answer", "guardrail", "retrieval"),
    *("uses_decoy", "is_unapproved", "sends_tainted", "sends"),
    *("agents", "path", "last_finish", "outcome", "state", "tool_trouble"),
}
UNREADABLE, UNLOGGED = "unreadable_records", "unlogged_usage"


@dataclass(slots=True)
class OpenedLlm(Opened):
    """Raw logs of calls; a row is a call or, if `is_task`, a task or session.

    Files are read once and kept; a window is derived of the rows around it.
    """

    is_task: bool = False
    tools: tuple[str, ...] = ()
    toolbox: Toolbox = PLAIN
    _readings: list[Reading] | None = field(default=None, init=False)
    _windows: dict[Window | None, Log] = field(default_factory=dict, init=False)

    def log(self, window: Window | None) -> Log:
        """Open the calls or tasks of `window`, or all there are."""
        if window in self._windows:
            return self._windows[window]
        name = f"{self.view} {len(self._tables)}"
        self._tables.append(name)
        within = (window.utc.start, window.utc.end) if window else None
        reads = self._reads(window)
        prices = rates, brackets()
        wanted = Wanted(self.is_task, self._source.reach, prices, self.tools, self.toolbox)
        write_window(self.connection, name, reads, within, wanted)
        columns = columns_of(self.connection, name)
        log = Log(self.connection, identifier(name), str(self.source.location), columns)
        log.require(self.roles)
        if self.time is not None:
            log = replace(log, time=time_column(log, self.time, self._zone))
        self._windows[window] = log
        return log

    def release(self) -> None:
        """Free all but the newest few windows, which the next one may ask for again."""
        for window in [*self._windows][:-AT_HAND]:
            drop(self.connection, self._windows.pop(window).view.strip('"'))

    def check_unchanged(self) -> None:
        """Refuse what was read if a file was replaced meanwhile; further files may have come."""
        try:
            Opened.check_unchanged(self)  # slots leave no room for super()
        except SourceChangedError:
            self._readings = None
            self._windows.clear()
            raise

    def undated_rows(self) -> int:
        """Calls without a time; they are in no window."""
        return undated(self.connection, self._as_reads(self._all()))

    def count(self, window: Window) -> int | None:
        """Rows of `window`, with repeated ids."""
        return select_rows(self.log(window), window, None).n_rows

    def calls_since(self, log: Log, since: datetime, end: datetime) -> Log:
        """A window's log, but of all calls between two instants, as they were read."""
        near = self._reads(Window(since, end))
        return replace(log, view=f"({source('llm_calls', near)})")

    def new_places(self, window: Window, since: datetime) -> float | None:
        """Hosts, domains and accounts that tools sent to in `window`, and in none `since` then."""
        near = self._reads(Window(since, window.utc.end))
        calls = source("tool_calls", near)
        within = (since, window.utc.start, window.utc.end)
        return new_places(self.connection, calls, self.toolbox, within)

    def remarks(self, window: Window) -> list[Remark]:
        """Records that no format reads, and tokens that the provider counted and the log lacks."""
        share = self._unreadable(window)
        value = share.value if share.of else None
        found = [Remark(UNREADABLE, share.of, value, judge_quarantine(share))]
        log, within = self.log(window), (window.utc.start, window.utc.end)
        billed = billed_tokens(self.connection, self._reads(window), within)
        if billed is not None and not self.is_task:
            logged = logged_tokens(self.connection, log.view.strip('"'))
            gap = 1 - logged / billed if billed else None
            judgement = judge_reconciliation(logged, billed)
            found.append(Remark(UNLOGGED, billed, gap, judgement))
        return found + self._retirements(log, window)

    def _retirements(self, log: Log, window: Window) -> list[Remark]:
        """Of each model that was called, the days until its provider switches it off."""
        found: dict[str, Remark] = {}
        told = models_of(self.connection, log.view.strip('"'), is_task=self.is_task)
        for provider, model, asked, n in told:
            one = _retirement(model, n, last_day(provider, (model, asked)), window.end.date())
            before = found.get(model)
            if before is not None:  # of two providers, or deployments: the one that ends first
                sooner = min(before, one, key=lambda r: math.inf if r.value is None else r.value)
                one = sooner._replace(n=before.n + n)
            found[model] = one
        return [*found.values()]

    def _unreadable(self, window: Window) -> Share:
        """Set-aside records, and all records, of the files that have a row in `window`.

        A file without any time belongs to no window; it counts in each, so that it is not silent.
        """
        start, end = window.utc.start, window.utc.end
        files = [
            file
            for reading in self._all()
            for file in reading.files.values()
            if file.first is None or file.last is None or (file.first < end and file.last >= start)
        ]
        return Share(sum(file.quarantined for file in files), sum(file.records for file in files))

    @property
    def _source(self) -> Predictions:
        assert isinstance(self.source, Predictions)  # noqa: S101 - opened as one
        return self.source

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.source.timezone or self.zone)

    def _found(self) -> FileSet:
        kind = None if self._source.fields else "llm"
        return find_files(str(self.source.location), self.root, kind)

    def _all(self) -> list[Reading]:
        if self._readings is None:
            self._files = self._found()
            home = home_of(self.root)
            bound(self.connection, home / "spill")
            pattern = self._source.path_date
            cache = LlmCache(
                home / "llm",
                hash_key(home),
                self._source.fields,
                self._zone,
                readers(),
                PathDate(pattern, self._zone) if pattern else None,
            )
            self._readings = cache.readings(self._files)
        return self._readings

    def _reads(self, window: Window | None) -> list[Read]:
        """Readings that may have rows around `window`; one at least, which tells the columns."""
        readings = self._all()
        if window is None:
            return self._as_reads(readings)
        reach = self._source.reach
        start, end = window.utc.start - reach, window.utc.end + reach
        near = [reading for reading in readings if reading.within(start, end)]
        return self._as_reads(near or readings[-1:])

    @staticmethod
    def _as_reads(readings: list[Reading]) -> list[Read]:
        return [Read(reading.folder, tuple(reading.files)) for reading in readings]

    @property
    def modified(self) -> datetime | None:
        """When the newest file was written."""
        if self._files is None or not self._files.modified:
            return None
        return datetime.fromtimestamp(self._files.modified, UTC)


def _retirement(model: str, n: int, known: LastDay, at: date) -> Remark:
    if known.day is not None:
        days, verdict, said = retirement(known.day, at)
        return Remark(RETIREMENT, n, days, Judgement(verdict, f"{said} ({version()})"), model)
    verdict, said = Verdict.OK, "no last day is announced"
    if not known.is_known:
        verdict, said = Verdict.UNKNOWN, "the model is not in the table of last days"
    return Remark(RETIREMENT, n, None, Judgement(verdict, f"{said} ({version()})"), model)
