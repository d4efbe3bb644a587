"""What people are told of an incident, in words, for any channel.

A message holds names and numbers only. Names of columns and segments come from data, so a channel
makes every text inert before it shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import TypeAdapter

from monitoring_pipelines.alerts.links import Link, links
from monitoring_pipelines.alerts.settings import Layout
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.wording import breach, change, percent, steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.alerts.condition import Episode
    from monitoring_pipelines.alerts.incident import Incident
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.alerts.triage import Fingerprint
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window

    History = Mapping[Fingerprint, Sequence[Result]]

MAX_OTHERS = 4


class Stage(StrEnum):
    """What the message says of its incident; a digest is about none."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    DIGEST = "digest"

    @property
    def is_open(self) -> bool:
        """Whether the trouble is still there."""
        return self in {Stage.FIRING, Stage.ACKNOWLEDGED}


class Fact(NamedTuple):
    """A small heading and its text."""

    label: str
    text: str


class Chart(NamedTuple):
    """Newest windows of one metric; None where a window has no value.

    `usual` and `limit` are drawn as lines. `labels` are the windows' keys.
    """

    title: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    usual: float | None = None
    limit: float | None = None


class Table(NamedTuple):
    """Rows of short texts under their headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMessage:
    """One message: `what` happened in bold, `detail` after it, then facts, steps, links.

    `before` is what it said while it fired; it is struck through once that is over. `handled` is
    what people did about it. `mentions` are ids of the service, from the configuration, of those
    who are called. With `has_buttons` somebody listens to them.
    """

    incident: str
    stage: Stage
    severity: Severity
    title: str
    what: str
    detail: str
    owner: str
    before: str = ""
    facts: tuple[Fact, ...] = ()
    steps: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    small: tuple[str, ...] = ()
    handled: str = ""
    mentions: tuple[str, ...] = ()
    chart: Chart | None = None
    table: Table | None = None
    layout: Layout = Layout.STANDARD
    has_buttons: bool = False

    @property
    def word(self) -> str:
        """How bad it is, in one word; colour alone is not for everybody."""
        return (self.severity if self.stage is Stage.FIRING else self.stage).upper()

    def to_json(self) -> dict[str, Any]:
        """As it is kept in the outbox."""
        payload: dict[str, Any] = _PAYLOAD.dump_python(self, mode="json")
        return payload

    @classmethod
    def from_json(cls, payload: Mapping[str, Any]) -> AlertMessage:
        """The message that `to_json` wrote."""
        return _PAYLOAD.validate_python(payload)


_PAYLOAD = TypeAdapter(AlertMessage)


class Evidence(NamedTuple):
    """A condition of the incident with the newest result that breached it."""

    fingerprint: Fingerprint
    episode: Episode
    result: Result


def compose(incident: Incident, history: History, settings: AlertSettings) -> AlertMessage:
    """The message that tells where `incident` stands; `history` holds its conditions' results."""
    evidence = sorted(
        (Evidence(f, e, _of_window(history[f], e.last)) for f, e in incident.current.items()),
        key=_worst_first,
    )
    worst = evidence[0]
    parts = (incident.cause.label, incident.model, worst.result.model_version)
    firing = AlertMessage(
        incident=incident.id,
        stage=Stage.FIRING,
        severity=incident.severity,
        title=" · ".join(filter(None, parts)),
        what=breach(worst.result),
        detail=_detail(worst.episode, settings),
        owner=settings.owner,
        facts=_facts(evidence, settings),
        steps=(*settings.next_steps, *steps(incident.cause)),
        links=links(settings, incident.cause, worst.result),
        small=_small(incident, worst.result, settings),
    )
    return firing if incident.is_open else _resolve(firing, worst, history, settings)


def _resolve(
    firing: AlertMessage, worst: Evidence, history: History, settings: AlertSettings
) -> AlertMessage:
    episode = worst.episode
    cleared = _of_window(history[worst.fingerprint], episode.resolved or episode.last)
    breached = dict.fromkeys(settings.key(w.start) for w in (episode.since, episode.last))
    return replace(
        firing,
        stage=Stage.RESOLVED,
        before=firing.what,
        what="Back to normal.",
        detail=f"{settings.policy.clear} windows in a row are fine: {change(cleared)}.",
        facts=(
            Fact("Breached", " to ".join(breached)),
            Fact("Closed by", f"data of window {settings.key(cleared.window.start)}"),
            Fact("Owner", settings.owner),
        ),
        steps=(),
        links=links(settings, worst.fingerprint.cause, cleared),
    )


def withdraw(message: AlertMessage) -> AlertMessage:
    """`message` after its windows were computed again and turned out to be fine."""
    return replace(
        message,
        stage=Stage.WITHDRAWN,
        before=message.before or message.what,
        what="Withdrawn.",
        detail="Its windows were computed again, and nothing fires in them.",
        facts=(Fact("Owner", message.owner),),
        steps=(),
    )


def _of_window(results: Sequence[Result], window: Window) -> Result:
    return next(result for result in results if result.window.utc == window)


def _worst_first(evidence: Evidence) -> tuple[bool, float, Fingerprint]:
    result, distance = evidence.result, 0.0
    if result.value is not None and result.reference_value is not None and result.tolerance:
        distance = abs(result.value - result.reference_value) / result.tolerance
    return evidence.episode.severity is not Severity.CRITICAL, -distance, evidence.fingerprint


def _detail(episode: Episode, settings: AlertSettings) -> str:
    since = settings.key(episode.since.start)
    if episode.n_windows == 1:
        return f"In 1 window, {since}."
    return f"In {episode.n_breaches} of {episode.n_windows} windows, since {since}."


def _facts(evidence: Sequence[Evidence], settings: AlertSettings) -> tuple[Fact, ...]:
    result = evidence[0].result
    facts = [
        Fact("Newest window", settings.key(result.window.start)),
        Fact("Rows", f"{result.n:,}"),
    ]
    if result.label_coverage is not None:
        facts.append(Fact("Labels", f"{percent(result.label_coverage)} arrived, {result.status}"))
    others = evidence[1:]
    if others:
        named = [change(other.result) for other in others[:MAX_OTHERS]]
        if len(others) > MAX_OTHERS:
            named.append(f"and {len(others) - MAX_OTHERS} more")
        facts.append(Fact("Also", "; ".join(named)))
    return (*facts, Fact("Owner", settings.owner))


def _small(incident: Incident, result: Result, settings: AlertSettings) -> tuple[str, ...]:
    policy = settings.policy
    rule = f"fires at {policy.breaches} of {policy.of} windows"
    if incident.severity is Severity.CRITICAL:
        rule = "critical fires at once"
    small = [incident.id, f"window {settings.key(result.window.start)}", rule]
    if result.run_id:
        small.append(f"run {result.run_id[:8]}")
    if incident.is_flapping:
        small.append("flapping: stays open until it is stable")
    return tuple(small)
