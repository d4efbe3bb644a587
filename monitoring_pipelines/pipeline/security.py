"""The signals of security on the windows of a model: gather the facts, judge, store."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitoring_pipelines import __version__
from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import EmptySampleError
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.model_files import model_files
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.pipeline.reference import References
from monitoring_pipelines.pipeline.security_summary import (
    FINDINGS,
    SecurityWindows,
    features_of,
    roles_of,
    text_columns,
)
from monitoring_pipelines.security.facts import (
    BEHAVIOUR,
    GUARDED,
    TRACED,
    Facts,
    TextColumn,
    occurrence_key,
)
from monitoring_pipelines.security.judge import Judged, judge
from monitoring_pipelines.security.scanners.personal_data import PERSONAL_DATA
from monitoring_pipelines.security.signals import SIGNALS
from monitoring_pipelines.store import results

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.security.signal import Found
    from monitoring_pipelines.store.database import Store
    from monitoring_pipelines.summaries.binning import Binning
    from monitoring_pipelines.summaries.occurrences import SecuritySummary


@dataclass(frozen=True, slots=True)
class Secured:
    """What the signals found of one window, as results, and which ones could not look."""

    results: list[Result]
    judged: list[Judged]


@dataclass(slots=True)
class Guard:
    """Watches windows of one model. Files are looked at with the `newest` window only."""

    model: Model
    store: Store
    windows: SecurityWindows
    judging: Judging
    newest: Window | None

    @classmethod
    @contextmanager
    def open(cls, model: Model, store: Store, now: datetime, run_id: str) -> Iterator[Guard]:
        """Open the model's log for the length of a run."""
        reader = Reader.open(model)
        try:
            windows = SecurityWindows(reader, store, frozen_bins(reader, store, now))
            judging = Judging(model.config, run_id, __version__)
            ended = model.windows(None, None, now)
            newest = ended[-1] if ended else None
            yield cls(model, store, windows, judging, newest)
        finally:
            reader.close()

    def watch(self, window: Window) -> Secured:
        """Judge one window and store what was found.

        Raises
        ------
        SourceError
            If the log cannot be read; the step of the predictions tells that to people.
        """
        found = self.look(window)
        with self.store.write() as connection:
            results.replace(
                connection,
                found.results,
                model=self.model.name,
                window=window.utc,
                metrics={signal.metric for signal in SIGNALS.values()},
                as_of=window.utc.end,
                inputs=self.windows.reader.versions,
            )
        return found

    def look(self, window: Window) -> Secured:
        """Judge one window; of it only the summary is stored."""
        facts = self._facts(window)
        judged = judge(facts, self.model.config.security.off)
        rows = [self._result(window, one, found) for one in judged for found in one.found]
        return Secured(rows, judged)

    def _facts(self, window: Window) -> Facts:
        config, usual = self.model.config, self.windows.usual(window)
        now = self.windows.of(window)
        columns = self.windows.columns
        told = now + usual if usual is not None else now
        texts = tuple(c for c in text_columns(config, columns) if is_told(told, c))
        n_checks = len(SIGNALS) + N_KINDS * len(texts)
        return Facts(
            alpha=self.judging.alpha(n_checks),
            texts=texts,
            roles=self._roles(columns) - untold(told),
            declared=self._declared(),
            files=model_files(self.model) if window == self.newest else None,
            now=now,
            usual=usual,
            tolerances=config.security.tolerances,
            problems={"audit": self.windows.audit.problem},
        )

    def _roles(self, columns: Mapping[str, str]) -> frozenset[str]:
        config = self.model.config
        numeric, every = features_of(config, columns)
        found = {*roles_of(config, columns)}
        found |= {"features"} if numeric else set()
        found |= {"label_source"} if self._has_sources else set()
        found |= set() if config.predictions.is_database else {"earlier"}
        found |= {"tasks"} if {*BEHAVIOUR} <= {*columns} else set()
        return frozenset(found | ({"any_feature"} if every else set()))

    @property
    def _has_sources(self) -> bool:
        labels = self.model.config.labels
        named = self.model.config.security.columns.label_source is not None
        return named and labels is not None and labels.columns.available_at is not None

    def _declared(self) -> frozenset[str]:
        found = {scanner.name for scanner in self.windows.scanners}
        artefacts = self.model.config.security.artefacts
        found |= {"artefacts"} if artefacts else set()
        tools = self.model.config.security.tools.model_dump()
        found |= {name for name, named in tools.items() if named}
        audit = self.model.config.security.audit
        found |= {"audit"} if audit else set()
        found |= {"agents"} if audit and audit.agents else set()
        return frozenset(found | ({"manifest"} if artefacts and artefacts.manifest else set()))

    def _result(self, window: Window, one: Judged, found: Found) -> Result:
        judgement = found.judgement
        if judgement.verdict is Verdict.FAIL and one.signal.id in self.model.config.security.warns:
            judgement = Judgement(Verdict.WARN, judgement.reason)
        made = self.judging.result(
            window,
            one.signal.metric,
            found.n,
            judgement,
            column=found.column,
            value=found.value,
            reference_value=found.reference_value,
            tolerance=found.tolerance,
        )
        # the section is what such a result rests on besides
        text = made.config_hash + self.model.config.security.model_dump_json(exclude_unset=True)
        return replace(made, config_hash=hashlib.sha256(text.encode()).hexdigest()[:16])


def frozen_bins(reader: Reader, store: Store, now: datetime) -> Binning | None:
    """Bins of the reference, which another step may have fitted; None if it has no rows."""
    references = References(reader, store, now)
    try:
        found = references.binning()
    except EmptySampleError:
        return None
    references.keep()
    return found


def untold(summary: SecuritySummary) -> frozenset[str]:
    """Roles whose columns are there and hold nothing: in no row of these windows."""
    found = {role for role, name in SHOWS.items() if name not in summary.extremes}
    for role, name in COUNTS.items():
        counted = summary.occurrences.get(occurrence_key(name, ""))
        found |= set() if counted is not None and counted.n else {role}
    return frozenset(found)


# an extreme that is there if a column of the role holds anything, and a count that is not 0
SHOWS = {"principal": "calls", "api_key": "shared_key"}
COUNTS = {"guardrail_verdict": GUARDED, "guardrail_raw": TRACED}


def is_told(summary: SecuritySummary, column: TextColumn) -> bool:
    """Whether a reader found answers to look at; of any other column of texts it is not asked."""
    if column.name != FINDINGS:
        return True
    key = occurrence_key(PERSONAL_DATA.name, FINDINGS)
    return bool(summary.occurrences[key].n) if key in summary.occurrences else False


# kinds that are compared with what is usual in one column of texts
N_KINDS = 10


def secure(
    model: Model, store: Store, windows: Iterable[Window], now: datetime, run_id: str
) -> dict[Window, Secured]:
    """Judge and store the signals, window by window."""
    with Guard.open(model, store, now, run_id) as guard:
        return {window: guard.watch(window) for window in windows}
