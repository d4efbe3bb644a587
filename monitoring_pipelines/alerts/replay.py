"""Which alerts a history of verdicts gives, told in the order in which it became known.

A window's verdict may come several times: estimated, with its first labels, with all of them. So
the history is gone through by `as_of`, and an alert is told when its incident shows for the first
time, as it would have been; what later numbers take back is withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.alerts.compose import compose
from monitoring_pipelines.alerts.condition import fold
from monitoring_pipelines.alerts.handling import Feedback
from monitoring_pipelines.alerts.incident import REOPEN, incidents
from monitoring_pipelines.alerts.inhibition import inhibited_by
from monitoring_pipelines.alerts.reconcile import Known, reconcile
from monitoring_pipelines.alerts.triage import evaluation, fingerprint, policy
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitoring_pipelines.alerts.cause import Cause
    from monitoring_pipelines.alerts.condition import Condition
    from monitoring_pipelines.alerts.incident import Incident
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.alerts.severity import Severity
    from monitoring_pipelines.alerts.triage import Fingerprint
    from monitoring_pipelines.domain.window import Window

ALWAYS = datetime.min.replace(tzinfo=UTC)


class Ending(StrEnum):
    """What became of an alert by the end of the history."""

    OPEN = "open"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class Labels(NamedTuple):
    """How many windows of an alert have final labels, and in how many performance had fallen."""

    judged: int
    fell: int

    def __str__(self) -> str:
        if not self.judged:
            return "no labels"
        return f"performance fell in {self.fell} of {self.judged} windows"


NO_LABELS = Labels(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An incident that people would have been told of.

    `opened` and `last` are starts of its windows; `told_at` is when it showed for the first time,
    and `what` is what it said then. `feedback` is what people called the incident that they heard
    of, if they did.
    """

    id: str
    cause: Cause
    severity: Severity
    opened: datetime
    last: datetime
    told_at: datetime
    ending: Ending
    what: str
    labels: Labels = NO_LABELS
    feedback: Feedback | None = None

    @property
    def was_right(self) -> bool | None:
        """Whether it was worth telling; None if nobody and no label says so."""
        if self.feedback is not None:
            return self.feedback is Feedback.FIXED
        if self.cause == "performance" and self.labels.judged:
            return self.labels.fell > 0
        return None

    def overlaps(self, other: Alert) -> bool:
        """Whether both are about the same trouble at the same time."""
        return self.cause is other.cause and max(self.opened, other.opened) <= min(
            self.last, other.last
        )


def replay(results: Iterable[Result], settings: AlertSettings, primary: str) -> tuple[Alert, ...]:
    """Alerts that `results`, of one model and with their history, give under `settings`.

    Silences, acknowledgements and quiet hours have no part in it. `primary` is the performance
    metric that labels are asked about.
    """
    rows = sorted(results, key=lambda r: (r.as_of, r.window, fingerprint(r)))
    failed = {fingerprint(r) for r in rows if r.verdict is Verdict.FAIL}
    watched = {f for f in failed if f.pages}
    machine = _Replay(settings)
    for moment, group in groupby(rows, key=lambda r: r.as_of):
        machine.step([r for r in group if fingerprint(r) in watched], moment)
    final = {
        r.window.utc: r.verdict
        for r in rows
        if (r.metric, r.segment, r.status) == (primary, "", Status.FINAL)
        and r.verdict is not Verdict.UNKNOWN
    }
    found = sorted(machine.alerts.values(), key=lambda a: (a.told_at, a.id))
    return tuple(replace(alert, labels=_labels(alert, final)) for alert in found)


def _labels(alert: Alert, final: Mapping[Window, Verdict]) -> Labels:
    mine = [v for window, v in final.items() if alert.opened <= window.start <= alert.last]
    return Labels(len(mine), sum(verdict is Verdict.FAIL for verdict in mine))


@dataclass(slots=True)
class _Replay:
    """State while a history is gone through; nobody outside `replay` sees it."""

    settings: AlertSettings
    versions: dict[tuple[Fingerprint, Window], dict[bool, Result]] = field(default_factory=dict)
    newest: dict[Fingerprint, dict[Window, Result]] = field(default_factory=dict)
    conditions: dict[Fingerprint, Condition] = field(default_factory=dict)
    known: dict[Cause, dict[str, Known]] = field(default_factory=dict)
    shown: dict[Cause, tuple[Incident, ...]] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)

    def step(self, rows: Sequence[Result], moment: datetime) -> None:
        """Take in what became known at one moment."""
        changed = {fingerprint(row) for row in rows}
        for row in rows:
            versions = self.versions.setdefault((fingerprint(row), row.window.utc), {})
            versions[row.status is Status.ESTIMATED] = row
            self.newest.setdefault(fingerprint(row), {})[row.window.utc] = _counts(versions)
        for f in changed:
            judged = map(evaluation, self.newest[f].values())
            self.conditions[f] = fold(judged, policy(f, self.settings.policy))
        for cause in sorted({f.cause for f in changed}):
            self._decide(cause)
        for cause in sorted(self.shown):
            for incident in self.shown[cause]:
                self._tell(incident, moment)

    def _decide(self, cause: Cause) -> None:
        mine = {f: condition for f, condition in self.conditions.items() if f.cause is cause}
        computed = incidents(mine, REOPEN[self.settings.cadence])
        plan = reconcile(computed, self.known.get(cause, {}).values(), ALWAYS)
        known = self.known.setdefault(cause, {})
        for id_ in plan.withdrawn:
            self.alerts[id_] = replace(self.alerts[id_], ending=Ending.WITHDRAWN)
            known[id_] = replace(known[id_], resolved=self.alerts[id_].last)
        for id_ in plan.forgotten:
            del known[id_]
        self.shown[cause] = plan.shown
        self._remember(cause)

    def _tell(self, incident: Incident, moment: datetime) -> None:
        told = self.alerts.get(incident.id)
        others = [other for group in self.shown.values() for other in group]
        if told is None and (not incident.is_open or inhibited_by(incident, others)):
            return
        history = {f: sorted(self.newest[f].values(), key=_window) for f in incident.fingerprints}
        self.alerts[incident.id] = Alert(
            id=incident.id,
            cause=incident.cause,
            severity=incident.severity,
            opened=min(episode.since.start for _, episode in incident.episodes),
            last=incident.last,
            told_at=told.told_at if told else moment,
            ending=Ending.OPEN if incident.is_open else Ending.RESOLVED,
            what=told.what if told else compose(incident, history, self.settings).what,
        )
        self._remember(incident.cause)

    def _remember(self, cause: Cause) -> None:
        for incident in self.shown[cause]:
            self.known[cause][incident.id] = Known(
                id=incident.id,
                opened=incident.opened,
                resolved=incident.resolved,
                is_announced=incident.id in self.alerts,
            )


def _counts(versions: Mapping[bool, Result]) -> Result:
    """The realised number, or an estimate where that could not be judged; see `store.results`."""

    def rank(result: Result) -> tuple[bool, bool]:
        return result.verdict is Verdict.UNKNOWN, result.status is Status.ESTIMATED

    return min(versions.values(), key=rank)


def _window(result: Result) -> Window:
    return result.window
