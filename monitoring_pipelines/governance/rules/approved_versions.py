"""Only versions serve that somebody approved, and whose approval has not expired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.card import last_words
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


MAX_NAMED = 3


def _missing(card: Card, facts: Facts) -> str:
    del card
    if not facts.has_version_column:
        return "predictions.columns.model_version"
    if not facts.approvals:
        return "governance.approved_versions"
    return ""


def _judge(card: Card, facts: Facts) -> Finding:
    del card
    if not facts.versions:
        return Finding(Verdict.UNKNOWN, "no row of this window names its version")
    bad = [said for version in facts.versions if (said := _problem(version, facts))]
    if not bad:
        served = ", ".join(facts.versions[:MAX_NAMED])
        return Finding(Verdict.OK, f"every version that served is approved: {served}", 0.0)
    more = f"; and {len(bad) - MAX_NAMED} more" if len(bad) > MAX_NAMED else ""
    return Finding(Verdict.FAIL, f"{'; '.join(bad[:MAX_NAMED])}{more}", len(bad))


def _problem(version: str, facts: Facts) -> str:
    """What is wrong with a version that served; empty if nothing is."""
    given = [a for a in facts.approvals if a.version == version]
    last = last_words(given, facts.at).get(version)
    if last is None:
        served = "served before it was approved" if given else "serves and nobody approved it"
        return f"version {version} {served}"
    if last.is_over(facts.at):
        return f"the approval of version {version} ended on {last.expires_at:%Y-%m-%d}"
    return ""


add(
    Rule(
        id="GOV-04",
        name="approved_versions",
        title="Only approved versions serve.",
        missing=_missing,
        judge=_judge,
    )
)
