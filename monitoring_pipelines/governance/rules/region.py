"""The model runs in the regions and accounts that the card names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict, worst
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts, Named


def _missing(card: Card, facts: Facts) -> str:
    if not card.runs_in:
        return "governance.runs_in"
    return "" if facts.log.named or facts.log.problem else "the log"


def _judge(card: Card, facts: Facts) -> Finding:
    if not facts.log.named:
        return Finding(Verdict.UNKNOWN, facts.log.problem)
    found = [allowed_only(name, facts.log.named.get(name)) for name in sorted(card.runs_in)]
    verdict = worst(finding.verdict for finding in found)
    told = [finding.sentence for finding in found if finding.verdict is verdict]
    return Finding(verdict, "; ".join(told), sum(finding.value or 0 for finding in found))


def allowed_only(column: str, found: Named | None) -> Finding:
    """Verdict on a column that may hold listed values only; one other value is enough."""
    if found is None:
        return Finding(Verdict.UNKNOWN, f"the log has no column {column}")
    if found.n_others:
        named = ", ".join(found.others)
        told = f"{found.n_others:,} of {found.n:,} rows have another {column} than the card names"
        return Finding(Verdict.FAIL, f"{told}: {named}", found.n_others)
    if not found.n:
        return Finding(Verdict.UNKNOWN, "no rows in this window")
    if found.missing:
        told = f"{found.missing:,} of {found.n:,} rows do not say their {column}"
        return Finding(Verdict.UNKNOWN, told, 0.0)
    return Finding(Verdict.OK, f"the {column} of every row is one that the card names", 0.0)


add(
    Rule(
        id="GOV-19",
        name="region",
        title="The model runs where it may.",
        missing=_missing,
        judge=_judge,
    )
)
