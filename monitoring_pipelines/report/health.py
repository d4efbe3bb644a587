"""Is the model healthy now: one word, and one card for each part of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.alerts.area import Area, area
from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.explanation import EXPLAINING
from monitoring_pipelines.alerts.triage import Fingerprint
from monitoring_pipelines.domain.verdict import Verdict, worst
from monitoring_pipelines.report.strip import strip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from markupsafe import Markup

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.report.content import Content
    from monitoring_pipelines.report.slots import Slot

WORDS = {
    Verdict.FAIL: "Needs attention",
    Verdict.WARN: "Has warnings",
    Verdict.UNKNOWN: "Not fully known",
    Verdict.OK: "Healthy",
}


class Card(NamedTuple):
    """One part: its verdict in the newest window it was judged in, and what is worst there."""

    area: Area
    verdict: Verdict
    window: Window
    counts: str
    says: tuple[Result, ...]
    course: Markup


class Health(NamedTuple):
    """The verdict on the model and why; drift explains and decides nothing."""

    verdict: Verdict
    word: str
    sentence: str
    cards: tuple[Card, ...]
    waiting: tuple[tuple[str, str], ...]


def health(content: Content, slots: Sequence[Slot]) -> Health:
    """Look at the newest window of each part, and at the open incidents."""
    cards = tuple(card for part in Area if (card := _card(content, part, slots)) is not None)
    open_ones = sum(incident["state"] == "open" for incident in content.incidents)
    missing = unjudged(content)
    verdicts = [card.verdict for card in cards if card.area is not Area.DRIFT]
    if open_ones:
        verdicts.append(Verdict.FAIL)
    if content.due and content.due[-1] in missing:
        verdicts.append(Verdict.UNKNOWN)
    found = worst(verdicts)
    return Health(found, WORDS[found], _sentence(cards, open_ones), cards, _waiting(content))


def unjudged(content: Content) -> list[Window]:
    """Windows that are over and have no result at all."""
    known = {one.window for one in content.judged}
    return [window for window in content.due if window.utc not in known]


def _card(content: Content, part: Area, slots: Sequence[Slot]) -> Card | None:
    mine = [
        one for one in content.judged if area(one.metric) is part and one.metric not in EXPLAINING
    ]
    if not mine:
        return None
    by_window: dict[Window, list[Verdict]] = {}
    for one in mine:
        told = by_window.setdefault(one.window, [])
        if one.verdict is not Verdict.UNKNOWN or _decides(one.metric, content.config):
            told.append(one.verdict)
    course = {window: worst(verdicts) for window, verdicts in by_window.items()}
    newest = max(course)
    counts: Counter[Verdict] = Counter()
    for one in mine:
        counts[one.verdict] += one.n if one.window == newest else 0
    counted = ", ".join(f"{counts[v]:,} {v}" for v in sorted(counts, key=_badness) if counts[v])
    drawn = strip(slots, course, part.value.capitalize(), content.config.zone)
    local = next((one for one in content.due if one.utc == newest), newest)
    return Card(part, course[newest], local, counted, _worst(content, part, newest), drawn)


def _decides(metric: str, config: ModelConfig) -> bool:
    """Whether the part is not known without it: a remark that says nothing is no gap."""
    part = area(metric)
    if part is Area.PERFORMANCE:
        return metric in {config.primary_metric, "labels_readable"}
    if part is Area.DATA:
        cause = Fingerprint(config.name, "", metric, "").cause
        return cause in {Cause.DATA_CONTRACT, Cause.SILENCE}
    return True


def _badness(verdict: Verdict) -> int:
    return -verdict.rank


def _worst(content: Content, part: Area, window: Window) -> tuple[Result, ...]:
    """The worst of a part that is not ok, the number that pages before all others."""
    primary = content.config.primary_metric
    found = [
        one
        for one in content.newest
        if area(one.metric) is part
        and one.window == window
        and one.verdict is not Verdict.OK
        and one.metric not in EXPLAINING
        and (one.verdict is not Verdict.UNKNOWN or _decides(one.metric, content.config))
    ]
    found.sort(
        key=lambda r: (-r.verdict.rank, r.metric != primary, bool(r.segment), r.metric, r.column)
    )
    return tuple(found[:1])


def _sentence(cards: Sequence[Card], open_ones: int) -> str:
    plural = "" if open_ones == 1 else "s"
    told = [f"{open_ones} open incident{plural}." if open_ones else "No open incident."]
    by_verdict: dict[Verdict, list[str]] = {}
    for card in cards:
        by_verdict.setdefault(card.verdict, []).append(card.area.value)
    said = {Verdict.FAIL: "failing", Verdict.WARN: "warnings", Verdict.UNKNOWN: "not known"}
    told += [
        f"{word.capitalize()}: {', '.join(by_verdict[verdict])}."
        for verdict, word in said.items()
        if verdict in by_verdict
    ]
    if len(told) == 1 and cards:
        told.append("Every part is ok in its newest window.")
    return " ".join(told)


def _waiting(content: Content) -> tuple[tuple[str, str], ...]:
    """What is still to come, or has not been done."""
    found = []
    if content.config.labels is not None:
        found.append(("Labels", _labels(content, content.config.labels.maturity)))
    missing = unjudged(content)
    if missing:
        names = f"{len(missing)} of {len(content.due)} windows that are over"
        found.append(("Never judged", f"{names}, the newest {_named(content, missing[-1])}"))
    for state, n in content.waiting.items():
        found.append(("Messages", f"{n} {state}"))
    return tuple(found)


def _labels(content: Content, maturity: timedelta) -> str:
    young = [window for window in content.due if window.end + maturity > content.at]
    if not young:
        return "none is due: every window of the period is final"
    last = (young[-1].end + maturity).astimezone(content.config.zone)
    plural = "" if len(young) == 1 else "s"
    return f"{len(young)} window{plural} may still change, until {last:%Y-%m-%d %H:%M}"


def _named(content: Content, window: Window) -> str:
    return window.key(content.config.window)
