"""Somebody answers for the model, and somebody else does when that person is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.card import same_person
from monitoring_pipelines.governance.rule import Finding, Rule, add, needs_card

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _judge(card: Card, facts: Facts) -> Finding:
    del facts
    if not card.owner:
        return Finding(Verdict.FAIL, "nobody owns the model: `owner` is empty")
    if not card.deputy:
        verdict = Verdict.FAIL if card.tier == 1 else Verdict.WARN
        return Finding(verdict, "the owner has no deputy")
    if same_person(card.owner, card.deputy):
        return Finding(Verdict.FAIL, "owner and deputy are the same")
    return Finding(Verdict.OK, "owner and deputy are named")


add(
    Rule(
        id="GOV-02",
        name="owner",
        title="The model has an owner and a deputy.",
        missing=needs_card,
        judge=_judge,
    )
)
