"""The message that tells where an incident stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.alerts.chart import chart, storm
from monitoring_pipelines.alerts.explanation import explanation
from monitoring_pipelines.alerts.impact import impact
from monitoring_pipelines.alerts.links import links
from monitoring_pipelines.alerts.message import AlertMessage, Fact, Stage
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.steps import steps
from monitoring_pipelines.alerts.triage import SHAPE, policy
from monitoring_pipelines.alerts.wording import breach, change, duration, name, percent, subject
from monitoring_pipelines.domain.verdict import Verdict

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
# what breaks other checks of its window, the first first
_SHORT_ID = re.compile(r"(?<=^[0-9a-f]{8})-[0-9a-f-]+$")
_CAUSES = ("readable", "labels_readable", "schema", "type_change")


class Evidence(NamedTuple):
    """A condition of the incident with the newest result that breached it."""

    fingerprint: Fingerprint
    episode: Episode
    result: Result


def compose(
    incident: Incident,
    history: History,
    settings: AlertSettings,
    explaining: Sequence[Result] = (),
) -> AlertMessage:
    """The message that tells where `incident` stands; `history` holds its conditions' results.

    `explaining` are results of their windows that say why.
    """
    evidence = worst_first(incident, history)
    worst = evidence[0]
    model = f"{incident.model} {worst.result.model_version}".rstrip()
    is_storm = len(evidence) > MAX_TOLD
    since = [(e.result, settings.key(e.episode.since.start)) for e in evidence]
    firing = AlertMessage(
        incident=incident.id,
        stage=Stage.FIRING,
        severity=incident.severity,
        title=f"{subject(worst.result, incident.cause)} · {model}",
        what=_what(evidence),
        detail=_detail(evidence, history[worst.fingerprint], settings),
        owner=settings.owner,
        facts=_facts(evidence, settings, explaining),
        steps=(*settings.next_steps, *steps(incident.cause, worst.fingerprint.metric)),
        links=links(settings, incident.cause, worst.result),
        small=_small(incident, worst, settings),
        chart=chart(history[worst.fingerprint], worst.result, settings),
        table=storm(since) if is_storm else None,
    )
    return firing if incident.is_open else _resolve(firing, incident, evidence, history, settings)


def worst_first(incident: Incident, history: History) -> list[Evidence]:
    """Conditions of `incident`: what breaks others, then critical ones, then by distance."""
    found = [Evidence(f, e, _of_window(history[f], e.last)) for f, e in incident.current.items()]
    return sorted(found, key=_badness)


def _resolve(
    firing: AlertMessage,
    incident: Incident,
    evidence: Sequence[Evidence],
    history: History,
    settings: AlertSettings,
) -> AlertMessage:
    worst = evidence[0]
    episode = worst.episode
    cleared = _of_window(history[worst.fingerprint], episode.resolved or episode.last)
    end, clear = (
        settings.key(cleared.window.start),
        policy(worst.fingerprint, settings.policy).clear,
    )
    breached = dict.fromkeys(settings.key(w.start) for w in (episode.since, episode.last))
    facts = [Fact("Breached", " to ".join(breached))]
    if incident.resolved is not None:
        facts.append(
            Fact("Open for", f"{duration(incident.resolved - incident.opened)} of window time")
        )
    facts += [Fact("Closed by", f"data of window {end}"), Fact("Owner", settings.owner)]
    return replace(
        firing,
        stage=Stage.RESOLVED,
        before=firing.what,
        what="Back to normal.",
        detail=_cleared(cleared, clear, len(evidence)),
        facts=tuple(facts),
        steps=(),
        table=None,
        links=links(settings, incident.cause, cleared),
        small=(
            incident.id,
            f"window {end}",
            f"closes after {clear} fine window{'s' * (clear > 1)}",
        ),
    )


def _cleared(cleared: Result, clear: int, n: int) -> str:
    windows = f"{clear} windows in a row are" if clear > 1 else "The newest window is"
    now = change(cleared)
    told = f"{windows} fine: {now}." if now != name(cleared) else f"{windows} fine."
    return f"{told} So are all {n} checks." if n > 1 else told


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
        table=None,
        handled="",
    )


def _of_window(results: Sequence[Result], window: Window) -> Result:
    return next(result for result in results if result.window.utc == window)


def _badness(evidence: Evidence) -> tuple[int, bool, float, Fingerprint]:
    result, distance = evidence.result, 0.0
    if result.value is not None and result.reference_value is not None and result.tolerance:
        distance = abs(result.value - result.reference_value) / result.tolerance
    rank = _CAUSES.index(result.metric) if result.metric in _CAUSES else len(_CAUSES)
    is_mild = evidence.episode.severity is not Severity.CRITICAL
    return rank, is_mild, -distance, evidence.fingerprint


def _what(evidence: Sequence[Evidence]) -> str:
    first = breach(evidence[0].result)
    if len(evidence) <= MAX_TOLD:
        return first
    order = "First of all" if evidence[0].result.metric in _CAUSES else "The worst"
    return f"{len(evidence)} checks fire. {order}: {first}"


def _detail(
    evidence: Sequence[Evidence], results: Sequence[Result], settings: AlertSettings
) -> str:
    episode, n = evidence[0].episode, len(evidence)
    since = settings.key(episode.since.start)
    told = [f"{episode.n_breaches} of {episode.n_windows} windows, since {since}."]
    if episode.n_windows == 1:
        told = [f"1 window, {since}."]
    elif episode.n_breaches == episode.n_windows:
        told = [f"{episode.n_windows} windows in a row, since {since}."]
    if 1 < n <= MAX_TOLD:
        told.append(f"{n} checks fire.")
    if n > 1 and evidence[0].result.metric in SHAPE:
        told.append("The others may follow from it.")
    fine = [r.verdict for r in results if r.window > episode.last]
    if len(fine) > fine.count(Verdict.UNKNOWN):
        told.append("The newest window is fine.")
    return " ".join(told)


def _facts(
    evidence: Sequence[Evidence], settings: AlertSettings, explaining: Sequence[Result]
) -> tuple[Fact, ...]:
    result = evidence[0].result
    facts = []
    if why := explanation(result, explaining):
        facts.append(Fact("Why", why))
    if told := impact(result):
        facts.append(Fact("Impact", told))
    if result.label_coverage is not None:
        facts.append(Fact("Labels", f"{percent(result.label_coverage)} arrived, {result.status}"))
    if 1 < len(evidence) <= MAX_TOLD:
        facts.append(Fact("Also", "; ".join(change(other.result) for other in evidence[1:])))
    window = settings.key(result.window.start)
    facts.append(Fact("Newest window", f"{window} ({settings.zone})"))
    if result.n:
        facts.append(Fact("Rows", f"{result.n:,}"))
    return (*facts, Fact("Owner", settings.owner))


def _small(incident: Incident, worst: Evidence, settings: AlertSettings) -> tuple[str, ...]:
    result, rule = worst.result, policy(worst.fingerprint, settings.policy)
    fires = f"fires at {rule.breaches} of {rule.of} windows"
    if incident.severity is Severity.CRITICAL:
        fires = "critical fires at once"
    elif rule.of == 1:
        fires = "fires at once"
    small = [incident.id, f"window {settings.key(result.window.start)}", fires]
    if result.run_id:
        small.append(f"run {_SHORT_ID.sub('', result.run_id)}")
    if incident.is_flapping:
        small.append("flapping: stays open until it is stable")
    return tuple(small)
