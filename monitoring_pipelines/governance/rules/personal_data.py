"""No personal data where the card says there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    if card.personal_data is None:
        return "governance.personal_data"
    return "" if facts.log.personal is not None or facts.log.problem else "the log"


def _judge(card: Card, facts: Facts) -> Finding:
    del card
    if facts.log.personal is None:
        return Finding(Verdict.UNKNOWN, facts.log.problem)
    found = {name: kinds for name, kinds in facts.log.personal.items() if kinds}
    if not found:
        n = len(facts.log.personal)
        told = f"nothing with the form of personal data in {n} columns of text and whole numbers"
        return Finding(Verdict.OK, told, 0.0)
    told = "; ".join(
        f"{name} holds {', '.join(f'{kind} ({n:,})' for kind, n in sorted(kinds.items()))}"
        for name, kinds in sorted(found.items())
    )
    n_values = sum(n for kinds in found.values() for n in kinds.values())
    return Finding(Verdict.FAIL, f"{told}, and the card says it holds none", n_values)


add(
    Rule(
        id="GOV-13",
        name="personal_data",
        title="No personal data where the card says none.",
        missing=_missing,
        judge=_judge,
    )
)
