"""All rules on one card: what was found, and which rules cannot look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rules import RULES

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts
    from monitoring_pipelines.governance.rule import Finding, Rule


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule and what it found; `finding` is None while `missing` keeps it from looking."""

    rule: Rule
    finding: Finding | None
    missing: str = ""


def judge(card: Card, facts: Facts) -> list[Judged]:
    """Every rule, in the order of their ids. A failure with an exception in force is a warning."""
    found = []
    for rule in RULES.values():
        missing = rule.missing(card, facts)
        finding = None if missing else _excepted(rule, rule.judge(card, facts), facts)
        found.append(Judged(rule, finding, missing))
    return found


def _excepted(rule: Rule, finding: Finding, facts: Facts) -> Finding:
    waivers = [w for w in facts.waivers if w.rule == rule.id and w.covers(facts.at)]
    if finding.verdict is not Verdict.FAIL or not waivers:
        return finding
    last = max(waivers, key=lambda waiver: waiver.until)
    told = f"{finding.sentence} (excepted until {last.until:%Y-%m-%d} by {last.approver})"
    return finding._replace(verdict=Verdict.WARN, sentence=told)
