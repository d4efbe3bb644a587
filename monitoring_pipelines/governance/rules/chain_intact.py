"""The evidence is as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    del card
    return "the evidence chain" if facts.chain is None else ""


def _judge(card: Card, facts: Facts) -> Finding:
    del card
    if facts.chain:
        return Finding(Verdict.FAIL, f"the evidence chain is broken: {facts.chain}")
    return Finding(Verdict.OK, "what was added to the evidence chain fits it")


add(
    Rule(
        id="GOV-21",
        name="chain_intact",
        title="The evidence chain is intact.",
        missing=_missing,
        judge=_judge,
    )
)
