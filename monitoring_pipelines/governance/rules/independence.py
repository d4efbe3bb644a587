"""Whoever approves a version is neither its owner nor one of its authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.card import last_words
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    if not facts.approvals:
        return "governance.approved_versions"
    return "" if card.owner or card.authors else "owner"


def _judge(card: Card, facts: Facts) -> Finding:
    # what served in the window; without a column of versions, all that may serve
    given = last_words(facts.approvals, facts.at)
    last = {version: a for version, a in given.items() if not a.is_over(facts.at)}
    served = set(facts.versions) if facts.has_version_column else set(last)
    own = [
        f"version {version} was approved by {approval.approved_by}, who owns or made it"
        for version, approval in sorted(last.items())
        if version in served and card.is_concerned(approval.approved_by)
    ]
    if own:
        return Finding(Verdict.FAIL, "; ".join(own[:3]), len(own))
    if not served & set(last):
        return Finding(Verdict.UNKNOWN, "no approval of what serves is in force")
    return Finding(Verdict.OK, "approved by somebody else than owner and authors", 0.0)


add(
    Rule(
        id="GOV-05",
        name="independence",
        title="Approvals are independent of owner and authors.",
        missing=_missing,
        judge=_judge,
    )
)
