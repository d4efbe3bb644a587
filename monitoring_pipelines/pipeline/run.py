"""One window of one model: read, summarise, judge, store. No orchestrator in it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitoring_pipelines import __version__
from monitoring_pipelines.alerts.triage import RUN
from monitoring_pipelines.backends.duckdb.partition import Parting
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import EmptySampleError, SourceChangedError, SourceError
from monitoring_pipelines.pipeline.classes import class_results
from monitoring_pipelines.pipeline.direct import direct_results
from monitoring_pipelines.pipeline.drift import drift_results
from monitoring_pipelines.pipeline.estimates import estimated_results
from monitoring_pipelines.pipeline.expectations import expectation_results
from monitoring_pipelines.pipeline.fairness import (
    SELECTION,
    error_results,
    selection_results,
    without_groups,
)
from monitoring_pipelines.pipeline.image_change import summed_up
from monitoring_pipelines.pipeline.images import image_results
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.parts import LABELS_READABLE, METRICS_OF, PARTS, WindowReport
from monitoring_pipelines.pipeline.performance import performance_results
from monitoring_pipelines.pipeline.previous_version import previous_result
from monitoring_pipelines.pipeline.quality import quality_results, undated_result, volume_results
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.pipeline.reference import References
from monitoring_pipelines.pipeline.sanity import (
    LASTING,
    N_EARLIER,
    comparable,
    order_results,
    sanity_results,
)
from monitoring_pipelines.pipeline.scorecard import muted_in, scored, stored_estimate
from monitoring_pipelines.pipeline.sheets import write_sheet
from monitoring_pipelines.pipeline.signals import signal_results
from monitoring_pipelines.pipeline.topics import explained
from monitoring_pipelines.pipeline.why import Explaining, Together
from monitoring_pipelines.store.results import read, warned
from monitoring_pipelines.store.results import replace as replace_results
from monitoring_pipelines.summaries.table import TableSummary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.expectations.suite import ExpectationSuite
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store
    from monitoring_pipelines.summaries.binning import Binning
    from monitoring_pipelines.summaries.labelled import LabelledSummary


@dataclass(slots=True)
class Monitor:
    """Runs windows of one model. `now` is the moment that all numbers are as of."""

    model: Model
    store: Store
    reader: Reader
    references: References
    now: datetime
    run_id: str
    _judging: Judging = field(init=False)
    _undated: int | None = field(default=None, init=False)
    _facts: dict[tuple[str, str], set[datetime]] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._judging = Judging(self.model.config, self.run_id, __version__)

    @classmethod
    @contextmanager
    def open(cls, model: Model, store: Store, *, now: datetime, run_id: str) -> Iterator[Monitor]:
        """Open the model's logs for the length of a run."""
        reader = Reader.open(model)
        try:
            yield cls(model, store, reader, References(reader, store, now), now, run_id)
        finally:
            reader.close()

    def at_once(
        self, window: Window, parts: Collection[str] = PARTS, suite: ExpectationSuite | None = None
    ) -> WindowReport:
        """Judge what needs no label: volume, quality, drift, the suite, and estimated performance.

        Raises
        ------
        SourceError
            If the log cannot be read; a result that says so is stored first.
        """
        with self._told(window, "predictions"):
            return self._at_once(window, parts, suite)

    def performance(self, window: Window) -> WindowReport:
        """Judge the window against the labels that are known by now."""
        with self._told(window, "performance"):
            return self._performance(window)

    def _at_once(
        self, window: Window, parts: Collection[str], suite: ExpectationSuite | None
    ) -> WindowReport:
        rows = self.reader.seen(self.reader.rows(self.reader.predictions, window))
        judging, results = self._judging, dict[str, "list[Result]"]()
        table, reference = None, None
        earlier, moving = list[TableSummary](), list[TableSummary]()
        try:
            binning = self.references.binning()
            table = self.references.table_of(window, binning, rows)
            reference, moving = self.references.table(window, binning)
            earlier = self.references.before(
                window, binning, N_EARLIER if "quality" in parts else 0
            )
        except EmptySampleError as error:
            results["predictions"] = [judging.unknown(window, "schema", rows.n_rows, str(error))]
            # without a reference there are no bins; the rows can be counted
            table = table or TableSummary(rows.n_rows, rows.n_duplicates, {}, (rows.n_rows,))
        if "predictions" in parts:
            found = self._log(window, table, reference)
            found += expectation_results(judging, window, rows, suite) if suite else []
            results["predictions"] = [*results.get("predictions", []), *found]
        if "quality" in parts:
            results["quality"] = self._quality(window, rows, (table, reference, earlier))
        if "drift" in parts:
            results["drift"] = self._drift(window, table, reference, moving)
        if "estimated_performance" in parts and self.model.config.is_estimated:
            results["estimated_performance"] = self._estimated(window, rows)
        if "signals" in parts and self.model.config.task.tells_outcome:
            results["signals"] = signal_results(judging, window, table, reference, moving)
        if self.model.config.fairness is not None:
            results["selection"] = selection_results(judging, window, table, reference)
        sheet = write_sheet(self.reader, window, reference) if "drift" in parts else None
        return self._stored(WindowReport(window, results, table, sheet=sheet))

    def _log(
        self, window: Window, table: TableSummary, reference: TableSummary | None
    ) -> list[Result]:
        found = volume_results(self._judging, window, table, reference)
        found.append(undated_result(self._judging, window, self._undated_rows()))
        if self.model.config.reference.previous_version:
            previous = self.references.previous(window)
            found.append(previous_result(self._judging, window, previous, table.n_rows))
        for metric, n, value, judgement, column in self.reader.predictions.remarks(window):
            more = {"value": value, "column": column}
            found.append(self._judging.result(window, metric, n, judgement, **more))
        return found

    def _drift(
        self,
        window: Window,
        table: TableSummary,
        reference: TableSummary | None,
        moving: list[TableSummary],
    ) -> list[Result]:
        judged = comparable(table, reference)
        found = drift_results(self._judging, window, judged, reference, moving)
        found = explained(found, self.reader.vectors.columns, table, reference)
        found = summed_up(self._judging, window, (table, reference), found)
        return found + (self._drift_effects(window, table) if reference else [])

    def _quality(
        self,
        window: Window,
        rows: Rows,
        tables: tuple[TableSummary, TableSummary | None, list[TableSummary]],
    ) -> list[Result]:
        table, reference, earlier = tables
        told, before = self._told_facts(), (self._counts_before(window), earlier)
        found = [
            *quality_results(self._judging, window, table, reference),
            *sanity_results(self._judging, window, tables, told),
            *order_results(self._judging, window, table, before, told),
        ]
        return image_results(self._judging, window, rows, found)

    def _counts_before(self, window: Window) -> list[tuple[int, int]]:
        """Rows of the few windows before, when each of them was judged and now."""
        before = self.references.windows_before(window, N_EARLIER)
        if not before:
            return []
        start, end = before[-1].utc.start, window.utc.start
        with self.store.read() as connection:
            judged = read(
                connection, model=self.model.name, start=start, end=end, metric="duplicate_rate"
            )
        counts = [(r.n, self.reader.predictions.count(r.window)) for r in judged]
        return [(then, now) for then, now in counts if now is not None]

    def _told_facts(self) -> dict[tuple[str, str], set[datetime]]:
        """Windows that told a lasting fact of a column; looked for once in a run."""
        if self._facts is None:
            with self.store.read() as connection:
                self._facts = warned(connection, self.model.name, LASTING)
        return self._facts

    def _estimated(self, window: Window, rows: Rows) -> list[Result]:
        reference: dict[str, LabelledSummary] = {}
        moving: list[dict[str, LabelledSummary]] = []
        try:
            reference, moving = self.references.labelled(window, self.references.binning())
        except SourceChangedError:
            raise
        except (EmptySampleError, SourceError):
            pass  # without labels in the reference the estimate is unknown; `performance` says why
        muted = muted_in(self.store, self.model, window)
        if self.model.config.task is Task.REGRESSION:
            known = (self.references, reference)
            return direct_results(self._judging, window, rows, known, muted, moving)
        predicted = self.reader.predicted(rows)
        return estimated_results(self._judging, window, predicted, reference, muted, moving)

    def _drift_effects(self, window: Window, table: TableSummary) -> list[Result]:
        """What drift does to the performance; of a moving reference only performance tells."""
        config = self.model.config
        if config.labels is None or config.reference.moves or config.task.tells_outcome:
            return []
        explaining = self._explaining(self.references.binning())
        if not self.references.is_mature:
            reason = "labels of the reference may still come"
            return explaining.drift(window, table, None, reason)
        try:
            parts = self.references.partitions(window, self.references.binning())
        except SourceChangedError:
            raise
        except SourceError:  # performance tells it; what needs no label goes on
            return explaining.drift(window, table, None, "the labels cannot be read")
        return explaining.drift(window, table, parts, "the reference has no labels")

    def _explaining(self, binning: Binning) -> Explaining:
        return Explaining(self._judging, self.reader.measure, self.reader.features(binning))

    def _undated_rows(self) -> int:
        """Rows of the whole log without a time; looked for once in a run."""
        if self._undated is None:
            self._undated = self.reader.predictions.undated_rows()
        return self._undated

    def _performance(self, window: Window) -> WindowReport:
        rows = self.reader.rows(self.reader.predictions, window)
        reference: dict[str, LabelledSummary] = {}
        config, binning = self.model.config, None
        earlier: list[dict[str, LabelledSummary]] = []
        try:
            binning = self.references.binning()
            found = self.references.labelled_of(window, binning, rows)
            reference, earlier = self.references.labelled(window, binning)
        except EmptySampleError:
            found = self.reader.labelled(rows, self.reader.label_cut(window, self.now))
        final = self.now >= window.end + self.model.maturity
        as_of = self._as_of(window, found[""], final=final)
        waiting, muted = {}, ""
        if not final and any(summary.ages for summary in reference.values()):
            waiting = self.reader.waiting(rows, self.reader.label_cut(window, self.now))
            muted = muted_in(self.store, self.model, window)
        pair = without_groups(found, config), without_groups(reference, config)
        realised = performance_results(
            self._judging,
            window,
            pair,
            as_of,
            final=final,
            waiting=waiting,
            muted=muted,
            earlier=earlier,
        )
        fallen = [result for result in realised if self._has_fallen(result)]
        if binning is not None and fallen:
            realised += self._causes(window, binning, rows, (fallen[0], realised))
        if final and config.is_estimated:
            realised += scored(self._judging, self.store, window, realised)
        realised += class_results(self._judging, window, (found, reference), as_of, final=final)
        results = {"performance": realised}
        if config.fairness is not None:
            pair = found, reference
            results["errors"] = error_results(self._judging, window, pair, as_of, final=final)
        report = self._stored(WindowReport(window, results, labelled=found.get("")))
        if config.fairness is None:
            return report
        return replace(report, earlier={"selection": self._selections(window)})

    def _selections(self, window: Window) -> list[Result]:
        """Selection rates of the window, as `at_once` stored them."""
        with self.store.read() as connection:
            start, end = window.utc.start, window.utc.end
            found = read(connection, model=self.model.name, start=start, end=end)
        return [result for result in found if result.metric in SELECTION]

    def _has_fallen(self, result: Result) -> bool:
        """Whether it is the number that pages, and worse than in the reference."""
        config = self.model.config
        primary = result.metric == config.primary_metric and not result.segment
        return (
            primary
            and not config.task.tells_outcome
            and result.verdict in {Verdict.WARN, Verdict.FAIL}
        )

    def _causes(
        self, window: Window, binning: Binning, rows: Rows, told: tuple[Result, list[Result]]
    ) -> list[Result]:
        """Why: the rows once more, by the parts of each feature; `told` what fell, and all."""
        fallen, realised = told
        explaining = self._explaining(binning)
        reference = self.references.partitions(window, binning)
        pairs = [Parting(p.columns, p.groups) for p in reference.pairs] if reference else []
        now = self.references.partitions_of(window, binning, rows, pairs)
        together = None
        if fallen.status is Status.FINAL:  # until then estimate and truth are of different rows
            name = explaining.measure.name
            truth = next((r for r in realised if r.metric == name and not r.segment), None)
            estimated = stored_estimate(self._judging, self.store, window, name)
            together = Together.of(estimated, truth)
        shared = {
            "as_of": fallen.as_of,
            "status": fallen.status,
            "label_coverage": fallen.label_coverage,
        }
        return explaining.causes(window, (reference, now), together, shared)

    def _as_of(self, window: Window, labelled: LabelledSummary, *, final: bool) -> datetime:
        """Moment that the labels of a result were known at; the same labels give the same one."""
        if final:
            return (window.end + self.model.maturity).astimezone(UTC)
        if labelled.last_available is not None:
            return max(labelled.last_available, window.utc.end)
        if labelled.n_labelled == 0:
            return window.utc.end
        # without arrival times: when the label file was written, or now for a table
        modified = (self.reader.labels or self.reader.predictions).modified
        return max(modified or self.now, window.end).astimezone(UTC)

    def _stored(self, report: WindowReport) -> WindowReport:
        """Store summaries and results, unless a file changed while they were made."""
        self.reader.check_unchanged()
        self.references.keep()
        for part, results in report.results.items():
            if not results:
                continue
            metrics = METRICS_OF.get(part, set()) | {result.metric for result in results}
            estimated = part == "estimated_performance"
            self._replace(report.window, results, metrics, results[0].as_of, estimated=estimated)
            if part == "performance":  # what could not be read before was told as of the end
                self._replace(report.window, [], {LABELS_READABLE, RUN}, report.window.utc.end)
        return report

    def _replace(
        self,
        window: Window,
        results: list[Result],
        metrics: set[str],
        as_of: datetime,
        *,
        estimated: bool = False,
    ) -> None:
        with self.store.write() as connection:
            replace_results(
                connection,
                results,
                model=self.model.name,
                window=window.utc,
                metrics=metrics,
                as_of=as_of,
                estimated=estimated,
                inputs=self.reader.versions,
            )

    @contextmanager
    def _told(self, window: Window, part: str) -> Iterator[None]:
        """Store why a log cannot be read, so that it is seen and alerted on; then go on failing."""
        try:
            yield
        except SourceChangedError:
            self.references.forget()
            raise
        except SourceError as error:
            self.references.forget()
            self.reader.check_unchanged()  # a file that is being replaced is not a broken one
            metric = "readable" if part == "predictions" else LABELS_READABLE
            broken = self._judging.unreadable(window, metric, str(error))
            metrics = METRICS_OF[part] if part == "predictions" else {metric}
            self._replace(window, [broken], metrics, broken.as_of)
            raise
        finally:
            self.reader.release()
