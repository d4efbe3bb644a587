"""Groups of people are treated as alike as the card promises, as far as chance lets it be told.

The intervals of the results hold for all groups of an attribute at once. A promise is broken if one
of them lies wholly beyond its limit, such as four fifths for a ratio of selection rates: with equal
true rates of 10 per cent and 100 people a group, the number alone is below it in more than half of
all samples.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


RATIO = "_ratio"
MAX_NAMED = 3
MIN_GROUPS = 2


def _missing(card: Card, facts: Facts) -> str:
    if not card.fairness:
        return "governance.fairness"
    return "" if facts.fairness else "a result of fairness"


def _judge(card: Card, facts: Facts) -> Finding:
    judged = [r for r in facts.fairness if r.verdict is not Verdict.UNKNOWN]
    broken = [r for r in judged if _is_beyond(r, card.fairness[r.metric])]
    if broken:
        worst = sorted(broken, key=lambda r: -_distance(r, card.fairness[r.metric]))
        more = f"; and {len(broken) - MAX_NAMED} more" if len(broken) > MAX_NAMED else ""
        told = "; ".join(_told(r, card.fairness[r.metric]) for r in worst[:MAX_NAMED])
        return Finding(Verdict.FAIL, f"{told}{more}", worst[0].value)
    # one group that differs from nobody says nothing of those who could not be judged
    counts = Counter((r.metric, r.column) for r in judged)
    asked = {(r.metric, r.column) for r in facts.fairness}
    asked |= {(metric, "any attribute") for metric in card.fairness.keys() - {m for m, _ in asked}}
    lacking = sorted(about for about in asked if counts[about] < MIN_GROUPS)
    if lacking:
        told = "; ".join(f"{metric} of {column}" for metric, column in lacking[:MAX_NAMED])
        return Finding(Verdict.UNKNOWN, f"fewer than {MIN_GROUPS} groups could be judged: {told}")
    few = len(facts.fairness) - len(judged)
    told = f"no difference beyond chance and limit in {len(judged)} comparisons of groups"
    return Finding(Verdict.OK, f"{told}; {few} could not be judged" if few else told, 0.0)


def _is_beyond(result: Result, limit: float) -> bool:
    if result.low is None or result.high is None:
        return False
    if result.metric.endswith(RATIO):
        return result.high < limit
    return result.low > limit or result.high < -limit


def _distance(result: Result, limit: float) -> float:
    """How far beyond the limit, in its own size."""
    value = result.value or 0.0
    gap = limit - value if result.metric.endswith(RATIO) else abs(value) - limit
    return gap / limit if limit else gap


def _told(result: Result, limit: float) -> str:
    number = f"{result.value:.2f} ({result.low:.2f} to {result.high:.2f})"
    against = "at least" if result.metric.endswith(RATIO) else "at most"
    day = f"{result.window.utc.start:%Y-%m-%d}"
    told = f"the {result.metric} of {result.segment} is {number}, promised {against} {limit:g}"
    return f"{told}, in window {day}"


add(
    Rule(
        id="GOV-11",
        name="fairness",
        title="Groups are treated alike.",
        missing=_missing,
        judge=_judge,
    )
)
