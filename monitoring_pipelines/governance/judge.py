"""All rules on one card: what was found, and which rules cannot look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rules import RULES

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts
    from monitoring_pipelines.governance.rule import Finding, Rule

# judged last: whether an expired exception matters depends on its rule
EXCEPTIONS = "GOV-17"


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule and what it found; `finding` is None while `missing` keeps it from looking."""

    rule: Rule
    finding: Finding | None
    missing: str = ""


def judge(card: Card, facts: Facts) -> list[Judged]:
    """Every rule, in the order of their ids. A failure with an exception in force is a warning."""
    found: dict[str, Judged] = {}
    for rule in sorted(RULES.values(), key=lambda rule: rule.id == EXCEPTIONS):
        verdicts = {id_: one.finding.verdict for id_, one in found.items() if one.finding}
        told = replace(facts, verdicts=verdicts)
        missing = rule.missing(card, told)
        finding = None if missing else _excepted(rule, rule.judge(card, told), card, facts)
        found[rule.id] = Judged(rule, finding, missing)
    return [found[id_] for id_ in RULES]


def _excepted(rule: Rule, finding: Finding, card: Card, facts: Facts) -> Finding:
    waivers = [
        w
        for w in facts.waivers
        if w.rule == rule.id and w.covers(facts.at) and not card.is_concerned(w.approver)
    ]
    if finding.verdict is not Verdict.FAIL or not waivers:
        return finding
    last = max(waivers, key=lambda waiver: waiver.until)
    told = f"{finding.sentence} (excepted until {last.until:%Y-%m-%d} by {last.approver})"
    return finding._replace(verdict=Verdict.WARN, sentence=told)
