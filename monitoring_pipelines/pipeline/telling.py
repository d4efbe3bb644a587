"""Who is told what of an incident: a message queued for each destination that has to know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.compose import withdraw
from monitoring_pipelines.alerts.decide import Circumstances, Heard, next_ops
from monitoring_pipelines.alerts.evidence import evidence
from monitoring_pipelines.alerts.handling import Handling
from monitoring_pipelines.alerts.message import AlertMessage
from monitoring_pipelines.alerts.op import CALLS, Op
from monitoring_pipelines.alerts.routing import destinations
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.history import LENGTH
from monitoring_pipelines.store.outbox import Told
from monitoring_pipelines.store.storm import crowd, storm

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import sqlalchemy as sa

    from monitoring_pipelines.alerts.compose import History as Results
    from monitoring_pipelines.alerts.incident import Incident
    from monitoring_pipelines.alerts.settings import AlertSettings

# elsewhere nothing can be told under another message
WITH_THREADS = "slack:"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What people did about an incident, and what hides it."""

    handling: Handling = field(default_factory=Handling)
    silenced_until: datetime | None = None
    inhibited_by: str | None = None

    @property
    def is_held(self) -> bool:
        """Whether nobody is to be called."""
        return self.silenced_until is not None or self.inhibited_by is not None


@dataclass(slots=True)
class Teller:
    """Queues in one transaction of an evaluation; `queued` counts what, by `Op`."""

    connection: sa.Connection
    settings: AlertSettings
    now: datetime
    queued: Counter[str] = field(default_factory=Counter)

    def say(
        self, incident: Incident, message: AlertMessage, about: About, results: Results
    ) -> bool:
        """Queue what follows for every destination; whether anybody ever heard of it."""
        told = outbox.told(self.connection, incident.id)
        heard = {place for place, last in told.items() if last.called_at is not None}
        places = {*heard}
        if incident.is_open:
            places |= destinations(
                self.settings.routes,
                incident.severity,
                incident.cause,
                self.settings.owner,
                self.settings.destination,
            )
            places |= self._escalated(incident, about, told.values())
        at = Circumstances(
            now=self.now,
            handling=about.handling,
            is_held=about.is_held,
            remind=self.settings.remind.get(incident.severity)
            if self._is_fresh(incident)
            else None,
        )
        before = self.queued.total()
        for place in sorted(places):
            last, here = told.get(place), self._in_storm(incident.id, place, message)
            for op in self._due(incident.id, place, last, here, at):
                said = here
                if op is Op.EVIDENCE:
                    said = evidence(incident, results, self.settings)
                under = self._under(incident, place) if op is Op.OPEN else None
                told_here = replace(said, mentions=self._called(incident, op))
                last = self._queue(incident.id, place, last, op, told_here, under)
        return bool(heard) or self.queued.total() > before

    def withdraw(self, incident: str) -> None:
        """Tell everybody who heard of it that later results do not show it any more."""
        at = Circumstances(now=self.now, handling=Handling(), is_held=False, remind=None)
        for place, told in outbox.told(self.connection, incident).items():
            if told.called_at is None:
                continue
            said = replace(AlertMessage.from_json(told.payload), mentions=())
            message, last = withdraw(said), told
            for op in self._due(incident, place, told, message, at):
                last = self._queue(incident, place, last, op, message)

    def _due(
        self,
        incident: str,
        place: str,
        last: Told | None,
        message: AlertMessage,
        at: Circumstances,
    ) -> tuple[Op, ...]:
        heard = (
            Heard(payload=last.payload, called_at=last.called_at)
            if last and last.called_at
            else None
        )
        ops = next_ops(heard, message, at)
        # what is over before its time has come is not told at all
        if Op.RESOLVE in ops and outbox.cancel_held(self.connection, incident, place, self.now):
            return ()
        return ops

    def _called(self, incident: Incident, op: Op) -> tuple[str, ...]:
        """Nobody is called about a promise: it goes to who owns the model."""
        is_call = op in CALLS and incident.cause is not Cause.GOVERNANCE
        return self.settings.mentions if is_call else ()

    def _in_storm(self, incident: str, place: str, message: AlertMessage) -> AlertMessage:
        """Say how many other models are told in this thread."""
        if not message.stage.is_open or not (n := crowd(self.connection, incident, place)):
            return message
        others = "One more model has" if n == 1 else f"{n} more models have"
        said = f"{others} trouble of this kind, told in this thread."
        return replace(message, detail=f"{message.detail} {said}".lstrip())

    def _under(self, incident: Incident, place: str) -> str | None:
        if not place.startswith(WITH_THREADS):
            return None
        return storm(self.connection, place, incident.cause, incident.model, self.now)

    def _queue(
        self,
        incident: str,
        place: str,
        last: Told | None,
        op: Op,
        message: AlertMessage,
        under: str | None = None,
    ) -> Told:
        hours = self.settings.quiet_hours
        waits = None
        if (
            hours
            and message.severity is not Severity.CRITICAL
            and (op in CALLS or op is Op.EVIDENCE)
        ):
            waits = hours.until(self.now, self.settings.zone)
        told = Told(last.seq + 1 if last else 1, op, message.to_json(), under=under)
        outbox.enqueue(self.connection, incident, place, told, self.now, waits)
        self.queued[op] += 1
        return told

    def _escalated(self, incident: Incident, about: About, told: Iterable[Told]) -> frozenset[str]:
        """Destinations that hear of it because nobody took care for too long."""
        rule = self.settings.escalation
        calls = [last.called_at for last in told if last.called_at]
        if (
            rule is None
            or not calls
            or about.is_held
            or incident.severity is not Severity.CRITICAL
            or about.handling.is_acknowledged(self.now)
            or not self._is_fresh(incident)
            or self.now - min(calls) < rule.after
        ):
            return frozenset()
        return frozenset(rule.to)

    def _is_fresh(self, incident: Incident) -> bool:
        ended = incident.last + LENGTH[self.settings.cadence]
        return self.now - ended <= self.settings.fresh_for
