"""Conditions of one model and one cause, joined to what people work on: incidents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.severity import Severity, highest
from monitoring_pipelines.domain.window import Cadence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from monitoring_pipelines.alerts.cause import Cause
    from monitoring_pipelines.alerts.condition import Condition, Episode
    from monitoring_pipelines.alerts.triage import Fingerprint

# firing again within this time after it was resolved is the same incident
REOPEN = {
    Cadence.HOUR: timedelta(hours=6),
    Cadence.DAY: timedelta(days=3),
    Cadence.WEEK: timedelta(weeks=3),
    Cadence.MONTH: timedelta(days=3 * 31),
    Cadence.YEAR: timedelta(days=3 * 366),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Trouble of one kind with one model, from the window that opened it to the last one.

    `opened` is the start of the first window that fired and `resolved` the start of the one that
    cleared its last condition, None while it is open. `episodes` are its stretches of firing,
    oldest first, each with its condition.
    """

    id: str
    model: str
    cause: Cause
    opened: datetime
    resolved: datetime | None
    severity: Severity
    is_flapping: bool
    episodes: tuple[tuple[Fingerprint, Episode], ...]

    @property
    def is_open(self) -> bool:
        """Whether a condition of it still fires."""
        return self.resolved is None

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """All its conditions, each once."""
        return tuple(sorted({fingerprint for fingerprint, _ in self.episodes}))

    @property
    def current(self) -> dict[Fingerprint, Episode]:
        """What is wrong now; once it is resolved, what was wrong in it last."""
        if self.is_open:
            return {f: e for f, e in self.episodes if e.resolved is None}
        return dict(self.episodes)

    @property
    def last(self) -> datetime:
        """Start of the newest window that breached it."""
        return max(episode.last.start for _, episode in self.episodes)

    def overlaps(self, opened: datetime, resolved: datetime | None) -> bool:
        """Whether it shares a moment with another stretch of the same group."""
        starts_before = resolved is None or self.opened < resolved
        ends_after = self.resolved is None or opened < self.resolved
        return starts_before and ends_after


def incident_id(model: str, cause: Cause, opened: datetime) -> str:
    """The same incident has the same id, whoever computes it, and however often.

    >>> from datetime import UTC, datetime
    >>> from monitoring_pipelines.alerts.cause import Cause
    >>> incident_id("churn", Cause.SILENCE, datetime(2026, 11, 20, tzinfo=UTC))[:4]
    'inc_'
    """
    name = f"{model}|{cause}|{opened.timestamp():.0f}"
    return f"inc_{hashlib.sha256(name.encode()).hexdigest()[:10]}"


def incidents(
    conditions: Mapping[Fingerprint, Condition], reopen: timedelta
) -> tuple[Incident, ...]:
    """Every incident in the history of `conditions`, oldest first.

    Episodes of one model and cause that overlap, or start within `reopen` after the ones before
    were resolved, are one incident.
    """
    groups: dict[tuple[str, Cause], list[tuple[Fingerprint, Episode]]] = {}
    for fingerprint, condition in conditions.items():
        group = groups.setdefault((fingerprint.model, fingerprint.cause), [])
        group.extend((fingerprint, episode) for episode in condition.episodes)
    found = [
        _incident(chain, conditions)
        for episodes in groups.values()
        for chain in _chains(episodes, reopen)
    ]
    return tuple(sorted(found, key=lambda incident: (incident.opened, incident.id)))


def _chains(
    episodes: Iterable[tuple[Fingerprint, Episode]], reopen: timedelta
) -> list[list[tuple[Fingerprint, Episode]]]:
    chains: list[list[tuple[Fingerprint, Episode]]] = []
    for fingerprint, episode in sorted(episodes, key=lambda pair: (pair[1].fired, pair[0])):
        end = _end(chains[-1]) if chains else None
        if chains and (end is None or episode.fired.start <= end + reopen):
            chains[-1].append((fingerprint, episode))
        else:
            chains.append([(fingerprint, episode)])
    return chains


def _end(chain: list[tuple[Fingerprint, Episode]]) -> datetime | None:
    ends = [episode.resolved.start for _, episode in chain if episode.resolved]
    return max(ends) if len(ends) == len(chain) else None


def _incident(
    chain: list[tuple[Fingerprint, Episode]], conditions: Mapping[Fingerprint, Condition]
) -> Incident:
    first, opening = chain[0]
    opened = opening.fired.start
    return Incident(
        id=incident_id(first.model, first.cause, opened),
        model=first.model,
        cause=first.cause,
        opened=opened,
        resolved=_end(chain),
        severity=highest(episode.severity for _, episode in chain),
        is_flapping=any(
            conditions[fingerprint].is_flapping
            for fingerprint, episode in chain
            if episode.resolved is None
        ),
        episodes=tuple(chain),
    )
