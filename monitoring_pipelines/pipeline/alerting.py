"""From the stored verdicts of a model to its incidents and to the messages about them.

One transaction decides and queues; nothing is sent in it. It may run again at any time, in any
number of processes: the same results write nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.compose import compose
from monitoring_pipelines.alerts.condition import fold
from monitoring_pipelines.alerts.handling import handling
from monitoring_pipelines.alerts.incident import REOPEN, incidents
from monitoring_pipelines.alerts.inhibition import inhibited_by
from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.reconcile import Known, reconcile
from monitoring_pipelines.alerts.silence import silenced_until
from monitoring_pipelines.alerts.triage import evaluation, policy
from monitoring_pipelines.pipeline.telling import About, Teller
from monitoring_pipelines.store import handling as people
from monitoring_pipelines.store.history import History, explaining, histories
from monitoring_pipelines.store.incidents import (
    Event,
    forget,
    record,
    save_conditions,
    save_incident,
    stored,
)
from monitoring_pipelines.store.locks import exclusive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from monitoring_pipelines.alerts.compose import History as Results
    from monitoring_pipelines.alerts.condition import Condition
    from monitoring_pipelines.alerts.incident import Incident
    from monitoring_pipelines.alerts.message import AlertMessage
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.alerts.triage import Fingerprint
    from monitoring_pipelines.domain.result import Result

    Row = dict[str, Any]

OPEN, RESOLVED, WITHDRAWN = "open", "resolved", "withdrawn"
# without a single failure nothing can be seen of how an incident began, however old it is
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """What an evaluation found: ids of the incidents that are open, and how much it queued."""

    open: tuple[str, ...] = ()
    queued: Mapping[str, int]


def evaluate(engine: sa.Engine, settings: AlertSettings, now: datetime, run_id: str) -> AlertReport:
    """Fold the recent verdicts of one model, store its incidents and queue what is to be said."""
    with engine.begin() as connection:
        exclusive(connection, f"alerts:{settings.model}")
        return _Evaluation(connection, settings, now, run_id).run()


def changes(known: Mapping[str, Any] | None, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of what happened to an incident between two evaluations."""
    if known is None:
        return ("opened",) if row["state"] == OPEN else ("opened", row["state"])
    found = []
    if known["state"] != row["state"]:
        found.append("reopened" if row["state"] == OPEN else row["state"])
    if known["severity"] != row["severity"]:
        found.append("severity")
    return tuple(found)


class _Evaluation:
    """One transaction of `evaluate`."""

    def __init__(
        self, connection: sa.Connection, settings: AlertSettings, now: datetime, run_id: str
    ) -> None:
        self.connection, self.settings, self.now, self.run_id = connection, settings, now, run_id
        self.known = stored(connection, settings.model)
        self.teller = Teller(connection, settings, now)

    def run(self) -> AlertReport:
        found = histories(self.connection, self.settings.model, self.settings.cadence)
        conditions: dict[Fingerprint, Condition] = {}
        shown: list[tuple[Incident, Results]] = []
        for cause in Cause:
            since, results = found.get(cause, History(NEVER, {}))
            mine = {
                f: fold(map(evaluation, rows), policy(f, self.settings.policy))
                for f, rows in results.items()
            }
            computed = incidents(mine, REOPEN[self.settings.cadence])
            plan = reconcile(computed, self._known(cause), since)
            forget(self.connection, plan.forgotten)
            for id_ in plan.withdrawn:
                self._withdraw(id_)
            conditions |= mine
            shown += [(incident, results) for incident in plan.shown]
        self._show(shown)
        found_now = [incident for incident, _ in shown]
        self._save_conditions(conditions, found_now)
        return AlertReport(
            open=tuple(incident.id for incident in found_now if incident.is_open),
            queued=dict(self.teller.queued),
        )

    def _known(self, cause: Cause) -> list[Known]:
        return [
            Known(
                id=row["id"],
                opened=row["opened_window"],
                resolved=row["resolved_window"],
                is_announced=row["announced"],
            )
            for row in self.known.values()
            if row["cause"] == cause
        ]

    # --- what is known of an incident -------------------------------------------------------

    def _show(self, shown: Sequence[tuple[Incident, Results]]) -> None:
        happened = people.events(self.connection, [incident.id for incident, _ in shown])
        silences = people.silences(self.connection, self.now)
        for incident, results in shown:
            row = {
                "id": incident.id,
                "model": incident.model,
                "cause": incident.cause,
                "state": OPEN if incident.is_open else RESOLVED,
                "severity": incident.severity,
                "opened_window": incident.opened,
                "last_window": incident.last,
                "resolved_window": incident.resolved,
                "conditions": [fingerprint.key for fingerprint in incident.fingerprints],
            }
            done = handling(happened.get(incident.id, []))
            if {"severity", "reopened"} & {*changes(self.known.get(incident.id, row), row)}:
                done = done.broken()
            about = About(
                handling=done,
                silenced_until=silenced_until(silences, incident.current, self.now)
                if incident.is_open
                else None,
                inhibited_by=inhibited_by(incident, [other for other, _ in shown])
                if incident.is_open
                else None,
            )
            composed = compose(incident, results, self.settings, self._explaining(incident))
            message = self._described(composed, about)
            row |= {
                "title": message.before or message.what,
                "announced": self.teller.say(incident, message, about, results),
                "acknowledged_by": done.acknowledged_by,
                "acknowledged_until": done.acknowledged_until,
                "silenced_until": about.silenced_until,
                "inhibited_by": about.inhibited_by,
                "feedback": done.feedback,
            }
            self._write(row, self.known.get(incident.id))

    def _explaining(self, incident: Incident) -> list[Result]:
        if incident.cause is not Cause.PERFORMANCE:
            return []
        windows = {episode.last.start for episode in incident.current.values()}
        return explaining(self.connection, incident.model, windows)

    def _described(self, message: AlertMessage, about: About) -> AlertMessage:
        """Add what people did about it."""
        message = replace(
            message, layout=self.settings.layout, has_buttons=self.settings.has_buttons
        )
        if not message.stage.is_open:
            who = about.handling.acknowledged_by
            return replace(message, handled=f"{who} took care of it." if who else "")
        if about.handling.is_acknowledged(self.now):
            until = self._clock(about.handling.acknowledged_until)
            handled = f"Acknowledged by {about.handling.acknowledged_by} until {until}."
            return replace(message, stage=Stage.ACKNOWLEDGED, handled=handled)
        if about.silenced_until is not None:
            handled = f"Silenced until {self._clock(about.silenced_until)}."
            return replace(message, handled=handled)
        if about.inhibited_by is not None:
            return replace(message, handled=f"Explained by {about.inhibited_by}.")
        return message

    def _clock(self, moment: datetime | None) -> str:
        return f"{moment.astimezone(self.settings.zone):%Y-%m-%d %H:%M}" if moment else ""

    def _withdraw(self, id_: str) -> None:
        known = self.known[id_]
        self.teller.withdraw(id_)
        ended = {"id": id_, "state": WITHDRAWN, "resolved_window": known["last_window"]}
        self._write({**known, **ended}, known)

    def _write(self, row: Row, known: Row | None) -> None:
        stamps = ("run_id", "updated_at")
        row = {name: value for name, value in row.items() if name not in stamps}
        if not save_incident(self.connection, row, known, self.run_id, self.now):
            return
        window = row["resolved_window"] or row["last_window"]
        for change in changes(known, row):
            payload = {"window": self.settings.key(window), "severity": row["severity"]}
            record(
                self.connection, row["id"], Event(change, f"run:{self.run_id}", payload), self.now
            )

    def _save_conditions(
        self, conditions: Mapping[Fingerprint, Condition], shown: Sequence[Incident]
    ) -> None:
        belongs = {
            f: incident.id for incident in shown for f in incident.current if incident.is_open
        }
        rows = {
            f.key: {
                "fingerprint": f.key,
                "model": f.model,
                "cause": f.cause,
                "segment": f.segment,
                "metric": f.metric,
                "column": f.column,
                "state": condition.state,
                "severity": condition.severity,
                "since_window": condition.since.start if condition.since else None,
                "last_window": condition.last.start if condition.last else None,
                "flapping": condition.is_flapping,
                "incident_id": belongs.get(f),
            }
            for f, condition in conditions.items()
        }
        save_conditions(self.connection, self.settings.model, rows, self.now)
