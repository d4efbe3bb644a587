"""A card is complete for the model's tier: 1 is the one that can do most harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add, needs_card

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


# what each tier asks for besides those above it
REQUIRED = {
    3: ("purpose",),
    2: ("deputy", "intended_population", "incident_contact", "review"),
    1: ("prohibited_uses", "monitoring_plan", "metrics", "data_sources"),
}


def _judge(card: Card, facts: Facts) -> Finding:
    asked = [name for tier, names in REQUIRED.items() if tier >= card.tier for name in names]
    lacks = [name for name in asked if not getattr(card, name)]
    if card.tier == 1 and not facts.approvals:
        lacks.append("approved_versions")
    if not lacks:
        return Finding(Verdict.OK, f"the card has all that tier {card.tier} asks for", 0.0)
    verdict = Verdict.FAIL if card.tier == 1 else Verdict.WARN
    return Finding(verdict, f"the card of tier {card.tier} lacks {', '.join(lacks)}", len(lacks))


add(
    Rule(
        id="GOV-01",
        name="card_complete",
        title="The card is complete for its tier.",
        missing=needs_card,
        judge=_judge,
    )
)
