"""Thresholds were declared before the data, and not loosened until they fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict, worst
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.governance.card import Card, Limit
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    if not card.metrics and not any(d.limits for d in facts.declared):
        return "governance.metrics"
    return "" if facts.performance else "a result of a metric with a threshold"


def _judge(card: Card, facts: Facts) -> Finding:
    now = {limit.name: limit for limit in card.metrics}
    # a threshold that was taken off the card is as loose as can be
    names = [*now, *sorted({n for d in facts.declared for n in d.limits} - now.keys())]
    found = [
        finding
        for name in names
        if name in facts.performance and (finding := _one(name, now.get(name), facts))
    ]
    if not found:
        return Finding(Verdict.UNKNOWN, "no result of the card's metrics yet")
    verdict = worst(finding.verdict for finding in found)
    told = [finding.sentence for finding in found if finding.verdict is verdict]
    return Finding(verdict, "; ".join(told))


def _one(name: str, limit: Limit | None, facts: Facts) -> Finding | None:
    """What the threshold of a metric was when its newest window began, and is now."""
    result = facts.performance[name]
    start = result.window.utc.start
    known = [d for d in facts.declared if d.at <= start]
    then = known[-1].limits.get(name) if known else None
    if then is None:
        if limit is None:
            return None
        first = next((d.at for d in facts.declared if name in d.limits), None)
        since = f"on {first:%Y-%m-%d}" if first else "by no record yet"
        told = f"the threshold of {name} was declared {since}, after {start:%Y-%m-%d}"
        return Finding(Verdict.UNKNOWN, told)
    if limit is not None and not limit.is_looser(then):
        return Finding(Verdict.OK, f"the threshold of {name} is not looser than before the data")
    how = "was taken away" if limit is None else "was loosened"
    was_broken = result.value is not None and not then.is_met(result.value)
    if was_broken and _passes(limit, result):
        told = f"{name} passes only since its threshold {how} after the data"
        return Finding(Verdict.FAIL, told)
    return Finding(Verdict.WARN, f"the threshold of {name} {how} after the data")


def _passes(limit: Limit | None, result: Result) -> bool:
    """Whether nothing is said any more: the value is fine, or is not asked for."""
    if limit is None or result.n < limit.min_rows:
        return True
    return result.value is not None and limit.is_met(result.value)


add(
    Rule(
        id="GOV-07",
        name="declared_before",
        title="Thresholds are declared before the data.",
        missing=_missing,
        judge=_judge,
    )
)
