"""Thresholds were declared before the data, and not loosened until they fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    found = [_one(limit, facts) for limit in card.metrics if limit.name in facts.performance]
    if not found:
        return Finding(Verdict.UNKNOWN, "no result of the card's metrics yet")
    verdict = worst(finding.verdict for finding in found)
    told = [finding.sentence for finding in found if finding.verdict is verdict]
    return Finding(verdict, "; ".join(told))


def _one(limit: Limit, facts: Facts) -> Finding:
    result = facts.performance[limit.name]
    start = result.window.utc.start
    before = [
        d.limits[limit.name] for d in facts.declared if d.at <= start and limit.name in d.limits
    ]
    if not before:
        first = next((d.at for d in facts.declared if limit.name in d.limits), None)
        since = f"on {first:%Y-%m-%d}" if first else "by no record yet"
        told = f"the threshold of {limit.name} was declared {since}, after {start:%Y-%m-%d}"
        return Finding(Verdict.UNKNOWN, told)
    then = before[-1]
    if not limit.is_looser(then):
        return Finding(
            Verdict.OK, f"the threshold of {limit.name} is not looser than before the data"
        )
    if result.value is not None and limit.is_met(result.value) and not then.is_met(result.value):
        told = f"{limit.name} passes only since its threshold was loosened after the data"
        return Finding(Verdict.FAIL, told)
    return Finding(Verdict.WARN, f"the threshold of {limit.name} was loosened after the data")


add(
    Rule(
        id="GOV-07",
        name="declared_before",
        title="Thresholds are declared before the data.",
        missing=_missing,
        judge=_judge,
    )
)
