"""The rules of governance on the windows of a model: gather the facts, judge, store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines import __version__
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import windows_between
from monitoring_pipelines.governance.card import Limit
from monitoring_pipelines.governance.chain import canonical
from monitoring_pipelines.governance.facts import Declared, Facts, OpenFinding
from monitoring_pipelines.governance.judge import Judged, judge
from monitoring_pipelines.governance.rules import RULES
from monitoring_pipelines.metrics import FAIRNESS
from monitoring_pipelines.pipeline.evidence import check_new
from monitoring_pipelines.pipeline.judging import Judging, main_version
from monitoring_pipelines.pipeline.promised import log_facts
from monitoring_pipelines.pipeline.promises import approvals, keep_card, serious, waivers
from monitoring_pipelines.security.controls import LOGGING
from monitoring_pipelines.security.signals import SIGNALS
from monitoring_pipelines.store import evidence, promises, results, summaries
from monitoring_pipelines.store.history import LENGTH
from monitoring_pipelines.summaries.table import TableSummary

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import LogFacts
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store

# so many windows back a gap is looked for
DUE = 30
# and for the newest result of a metric: labels may take their time
LABELS = 400


@dataclass(frozen=True, slots=True)
class Governed:
    """What the rules found of one window, as results, and which ones could not look."""

    results: list[Result]
    judged: list[Judged]


def govern(
    model: Model, store: Store, windows: Iterable[Window], run_id: str
) -> dict[Window, Governed]:
    """Judge and store what is promised, window by window."""
    keep_card(store, model.config)
    chain = check_new(store)
    judging = Judging(model.config, run_id, __version__)
    metrics = {rule.metric for rule in RULES.values()}
    found, windows, now = {}, [*windows], datetime.now(UTC)
    logs = log_facts(model, card_of(model.config), store, windows, now)
    for window in windows:
        looking = Looking(chain, judging, now)
        found[window] = governed = look(model, store, window, logs[window], looking)
        with store.write() as connection:
            results.replace(
                connection,
                governed.results,
                model=model.name,
                window=window.utc,
                metrics=metrics,
                as_of=window.utc.end,
            )
    return found


def card_of(config: ModelConfig) -> Card:
    """What is promised about a model."""
    return config.governance.card(config.owner, config.zone)


@dataclass(frozen=True, slots=True)
class Looking:
    """What one look has for all its windows: what breaks the chain, how to judge, and the time."""

    chain: str | None
    judging: Judging
    now: datetime

    def clock(self, config: ModelConfig, window: Window) -> datetime | None:
        """The present, of the window that ended last; older ones stay as they were found."""
        is_newest = timedelta(0) <= self.now - window.utc.end < LENGTH[config.window]
        return self.now if is_newest else None


def look(model: Model, store: Store, window: Window, log: LogFacts, looking: Looking) -> Governed:
    """Judge one window, and store nothing."""
    config, judging = model.config, looking.judging
    card = card_of(config)
    with store.read() as connection:
        facts = replace(
            gather(connection, config, card, window),
            clock=looking.clock(config, window),
            chain=looking.chain,
            log=log,
        )
    judged = judge(card, facts)
    # the card is what such a result rests on
    hashed = hashlib.sha256(canonical(_written(config)).encode()).hexdigest()[:16]
    version = main_version(facts.table.versions) if facts.table else ""
    rows = [
        replace(
            judging.result(
                window,
                one.rule.metric,
                0,
                Judgement(one.finding.verdict, one.finding.sentence),
                value=None if one.finding.value is None else float(one.finding.value),
            ),
            config_hash=hashed,
            model_version=version,
        )
        for one in judged
        if one.finding is not None
    ]
    return Governed(rows, judged)


def _written(config: ModelConfig) -> list[str]:
    return [config.owner or "", config.governance.model_dump_json(exclude_unset=True)]


def gather(connection: sa.Connection, config: ModelConfig, card: Card, window: Window) -> Facts:
    """What the store knows of a model at the end of `window`."""
    name, start, end = config.name, window.utc.start, window.utc.end
    table = summaries.newest(connection, name, "table", window)
    volume = results.read(connection, model=name, metric="volume", start=start, end=end)
    n_due, n_unjudged = _gaps(connection, config, window)
    declared = _declared(connection, name)
    return Facts(
        window=window.utc,
        has_version_column=config.predictions.columns.model_version is not None,
        table=table if isinstance(table, TableSummary) else None,
        volume=next((r for r in volume if r.window == window.utc), None),
        logging_changed=_logging_changed(connection, name, window),
        label_coverage=_newest(connection, config, "label_coverage", window, Status.FINAL),
        performance={
            metric: found
            for metric in {limit.name for limit in card.metrics}.union(
                *(d.limits for d in declared)
            )
            if (found := _newest(connection, config, metric, window))
        },
        fairness=_fairness(connection, config, card, window),
        serious=serious(connection, name),
        approvals=(*card.approved_versions, *approvals(connection, name)),
        waivers=(*card.exceptions, *waivers(connection, name)),
        declared=declared,
        findings=tuple(
            OpenFinding(f"{metric} {column}".strip(), severity == Severity.CRITICAL, since)
            for metric, column, severity, since in promises.firing(connection, name)
            # a rule cannot wait for itself
            if metric != RULES["GOV-15"].metric
        ),
        last_prediction=promises.last_prediction(connection, name, end),
        n_due=n_due,
        n_unjudged=n_unjudged,
    )


def _gaps(connection: sa.Connection, config: ModelConfig, window: Window) -> tuple[int, int]:
    first = promises.first_judged(connection, config.name)
    lower = window.start - DUE * LENGTH[config.window]
    if first is None or first >= window.start:
        return 0, 0
    begin = max(first.astimezone(config.zone), lower)
    due = windows_between(begin, window.start, config.window, config.zone)
    starts = {one.utc.start for one in due}
    known = promises.judged(connection, config.name, min(starts), window.utc.start)
    return len(starts), len(starts - known)


def _logging_changed(connection: sa.Connection, model: str, window: Window) -> tuple[str, ...]:
    """What the security signal says that was done to a log; it names changes by fixed words."""
    found = results.read(
        connection,
        model=model,
        metric=SIGNALS["SEC-23"].metric,
        start=window.utc.start,
        end=window.utc.end,
    )
    changed = " ".join(r.reason for r in found if r.verdict in {Verdict.WARN, Verdict.FAIL})
    return tuple(what for what in sorted(LOGGING) if f"{what} (" in changed)


def _newest(
    connection: sa.Connection,
    config: ModelConfig,
    metric: str,
    window: Window,
    status: Status | None = None,
) -> Result | None:
    """Newest known value of a metric of all rows, up to `window`.

    What rests on labels comes before any estimate: one that is too good would hide for ever what
    the labels said a month later. Neither early labels nor an estimate count without a verdict,
    since what has none was withheld as misleading.
    """
    found = results.read(
        connection,
        model=config.name,
        metric=metric,
        segment="",
        column="",
        start=window.start - LABELS * LENGTH[config.window],
        end=window.utc.end,
    )
    known = [
        r
        for r in found
        if r.value is not None
        and status in (None, r.status)
        and (r.status is Status.FINAL or r.verdict is not Verdict.UNKNOWN)
    ]
    return max(
        known, key=lambda r: (r.status is not Status.ESTIMATED, r.window.utc.start), default=None
    )


def _fairness(
    connection: sa.Connection, config: ModelConfig, card: Card, window: Window
) -> tuple[Result, ...]:
    """Of each promised metric the newest window that any group could be judged in.

    Selection rates need no label, so of them only this window counts.
    """
    found: list[Result] = []
    for metric in card.fairness:
        span = LABELS * LENGTH[config.window] if FAIRNESS[metric].needs_labels else timedelta(0)
        start, end = window.utc.start - span, window.utc.end
        rows = results.read(connection, model=config.name, metric=metric, start=start, end=end)
        judged = [row.window for row in rows if row.verdict is not Verdict.UNKNOWN]
        newest = max(judged or [row.window for row in rows], default=None)
        found += [row for row in rows if row.window == newest]
    return tuple(found)


def _declared(connection: sa.Connection, model: str) -> tuple[Declared, ...]:
    """The history of the thresholds, as the cards in the chain tell it."""
    found = []
    for record in evidence.of_kind(connection, evidence.CARD, model):
        limits = {}
        for told in record["card"].get("metrics", []):
            low, high = told.get("at_least"), told.get("at_most")
            limits[told["name"]] = Limit(
                name=told["name"],
                at_least=float(low) if low is not None else None,
                at_most=float(high) if high is not None else None,
                min_rows=told.get("min_rows", Limit(name="").min_rows),
            )
        found.append(Declared(datetime.fromisoformat(record["at"]), limits))
    return tuple(found)
