"""From the stored verdicts of a model to its incidents and to the messages about them.

One transaction decides and queues; nothing is sent in it. It may run again at any time, in any
number of processes: the same results write nothing new.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.condition import fold
from monitoring_pipelines.alerts.incident import REOPEN, incidents
from monitoring_pipelines.alerts.message import AlertMessage, Stage, compose, withdraw
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.reconcile import Known, reconcile
from monitoring_pipelines.alerts.triage import Cause, evaluation
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.history import History, histories
from monitoring_pipelines.store.incidents import (
    Event,
    forget,
    record,
    save_conditions,
    save_incident,
    stored,
)
from monitoring_pipelines.store.locks import exclusive
from monitoring_pipelines.store.outbox import Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from monitoring_pipelines.alerts.condition import Condition
    from monitoring_pipelines.alerts.incident import Incident
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.alerts.triage import Fingerprint

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


def next_ops(last: Told | None, message: AlertMessage) -> tuple[Op, ...]:
    """What to say to a destination that heard `last`, so that it knows `message`.

    Nobody is told of trouble that is over and that they never heard of. A closed message is final
    unless the trouble comes back.
    """
    fires = message.stage is Stage.FIRING
    if last is None:
        return (Op.OPEN,) if fires else ()
    was_firing = last.payload["stage"] == Stage.FIRING
    if fires and not was_firing:
        return (Op.UPDATE, Op.REOPEN)
    if was_firing and not fires:
        return (Op.RESOLVE,)
    return (Op.UPDATE,) if fires and _news(last.payload) != _news(message.to_json()) else ()


def _news(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a reader would call news: a window that was run again has only other links."""
    return {name: value for name, value in payload.items() if name not in {"links", "small"}}


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
        self.queued: Counter[str] = Counter()

    def run(self) -> AlertReport:
        found = histories(self.connection, self.settings.model, self.settings.cadence)
        conditions: dict[Fingerprint, Condition] = {}
        shown: list[Incident] = []
        policy = self.settings.policy
        for cause in Cause:
            since, results = found.get(cause, History(NEVER, {}))
            mine = {f: fold(map(evaluation, rows), policy) for f, rows in results.items()}
            computed = incidents(mine, REOPEN[self.settings.cadence])
            plan = reconcile(computed, self._known(cause), since)
            forget(self.connection, plan.forgotten)
            for incident in plan.shown:
                self._show(incident, compose(incident, results, self.settings))
            for id_ in plan.withdrawn:
                self._withdraw(id_)
            conditions |= mine
            shown += plan.shown
        self._save_conditions(conditions, shown)
        return AlertReport(
            open=tuple(incident.id for incident in shown if incident.is_open),
            queued=dict(self.queued),
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

    def _show(self, incident: Incident, message: AlertMessage) -> None:
        is_announced = self._say(message)
        row = {
            "id": incident.id,
            "model": incident.model,
            "cause": incident.cause,
            "state": OPEN if incident.is_open else RESOLVED,
            "severity": incident.severity,
            "opened_window": incident.opened,
            "last_window": incident.last,
            "resolved_window": incident.resolved,
            "title": message.before or message.what,
            "conditions": [fingerprint.key for fingerprint in incident.fingerprints],
            "announced": is_announced,
        }
        self._write(row, self.known.get(incident.id))

    def _withdraw(self, id_: str) -> None:
        known = self.known[id_]
        newest = outbox.told(self.connection, id_)
        for last in newest.values():
            self._say(withdraw(AlertMessage.from_json(last.payload)))
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

    def _say(self, message: AlertMessage) -> bool:
        """Queue what follows for every destination; whether anybody ever heard of it."""
        told = outbox.told(self.connection, message.incident)
        places = set(told)
        if self.settings.destination and message.stage is Stage.FIRING:
            places.add(self.settings.destination)
        for place in sorted(places):
            last = told.get(place)
            first = last.seq + 1 if last else 1
            for seq, op in enumerate(next_ops(last, message), start=first):
                said = Told(seq, op, message.to_json())
                outbox.enqueue(self.connection, message.incident, place, said, self.now)
                self.queued[op] += 1
        return bool(places)

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
