"""Performance keeps the thresholds of the card; a breach has to be beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict, worst
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card, Limit
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    if not card.metrics:
        return "governance.metrics"
    return "" if facts.performance else f"a result of {card.metrics[0].name}"


def _judge(card: Card, facts: Facts) -> Finding:
    found = [_one(limit, facts) for limit in card.metrics]
    verdict = worst(finding.verdict for finding in found)
    told = [finding.sentence for finding in found if finding.verdict is verdict]
    value = next(finding.value for finding in found if finding.verdict is verdict)
    return Finding(verdict, "; ".join(told), value)


def _one(limit: Limit, facts: Facts) -> Finding:
    result = facts.performance.get(limit.name)
    if result is None or result.value is None:
        return Finding(Verdict.UNKNOWN, f"{limit.name} is not known yet")
    if result.n < limit.min_rows:
        told = f"{limit.name} rests on {result.n:,} rows, fewer than {limit.min_rows:,}"
        return Finding(Verdict.UNKNOWN, told, result.value)
    day = f"{result.window.utc.start:%Y-%m-%d}"
    name = f"estimated {limit.name}" if result.status is Status.ESTIMATED else limit.name
    told = f"{name} {result.value:.4g} against {_words(limit)}, in window {day}"
    if limit.is_met(result.value):
        return Finding(Verdict.OK, told, result.value)
    ends = [end for end in (result.low, result.high) if end is not None]
    if any(limit.is_met(end) for end in ends):
        return Finding(Verdict.WARN, f"{told}, which may be chance", result.value)
    return Finding(Verdict.FAIL, told, result.value)


def _words(limit: Limit) -> str:
    low = f"at least {limit.at_least:g}" if limit.at_least is not None else ""
    high = f"at most {limit.at_most:g}" if limit.at_most is not None else ""
    return " and ".join(part for part in (low, high) if part)


add(
    Rule(
        id="GOV-06",
        name="thresholds",
        title="Performance keeps the thresholds of the card.",
        missing=_missing,
        judge=_judge,
    )
)
