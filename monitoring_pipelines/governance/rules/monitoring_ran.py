"""Every window was judged: what nobody looked at is not fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _judge(card: Card, facts: Facts) -> Finding:
    del card
    if facts.n_unjudged:
        told = f"{facts.n_unjudged} of the last {facts.n_due} windows have no result"
        return Finding(Verdict.FAIL, told, facts.n_unjudged)
    return Finding(Verdict.OK, f"the last {facts.n_due} windows were judged", 0.0)


def _missing(card: Card, facts: Facts) -> str:
    del card
    return "" if facts.n_due else "an earlier window with results"


add(
    Rule(
        id="GOV-08",
        name="monitoring_ran",
        title="Monitoring ran for every window.",
        missing=_missing,
        judge=_judge,
    )
)
