"""The message that tells where an incident stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.alerts.chart import chart, storm
from monitoring_pipelines.alerts.links import links
from monitoring_pipelines.alerts.message import AlertMessage, Fact, Stage
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.wording import breach, change, impact, percent, steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.alerts.condition import Episode
    from monitoring_pipelines.alerts.incident import Incident
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.alerts.triage import Fingerprint
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window

    History = Mapping[Fingerprint, Sequence[Result]]

# more conditions than these are told in a table
MAX_TOLD = 3


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
        detail=_detail(worst.episode, settings, len(evidence)),
        owner=settings.owner,
        facts=_facts(evidence, settings),
        steps=(*settings.next_steps, *steps(incident.cause)),
        links=links(settings, incident.cause, worst.result),
        small=_small(incident, worst.result, settings),
        chart=chart(history[worst.fingerprint], settings),
        table=storm([e.result for e in evidence]) if len(evidence) > MAX_TOLD else None,
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
        table=None,
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


def _detail(episode: Episode, settings: AlertSettings, n_conditions: int) -> str:
    since = settings.key(episode.since.start)
    told = f"In {episode.n_breaches} of {episode.n_windows} windows, since {since}."
    if episode.n_windows == 1:
        told = f"In 1 window, {since}."
    return f"{told} {n_conditions} checks fire." if n_conditions > 1 else told


def _facts(evidence: Sequence[Evidence], settings: AlertSettings) -> tuple[Fact, ...]:
    result = evidence[0].result
    facts = [
        Fact("Newest window", settings.key(result.window.start)),
        Fact("Rows", f"{result.n:,}"),
    ]
    if result.label_coverage is not None:
        facts.append(Fact("Labels", f"{percent(result.label_coverage)} arrived, {result.status}"))
    if told := impact(result):
        facts.append(Fact("Impact", told))
    if 1 < len(evidence) <= MAX_TOLD:
        facts.append(Fact("Also", "; ".join(change(other.result) for other in evidence[1:])))
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
