"""Only versions serve that somebody approved, and whose approval has not expired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict, worst
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
    found = [_one(version, facts) for version in facts.versions]
    verdict = worst(finding.verdict for finding in found)
    bad = [finding.sentence for finding in found if finding.verdict is verdict]
    if verdict is Verdict.OK:
        served = ", ".join(facts.versions[:MAX_NAMED])
        return Finding(Verdict.OK, f"every version that served is approved: {served}", 0.0)
    more = f"; and {len(bad) - MAX_NAMED} more" if len(bad) > MAX_NAMED else ""
    return Finding(verdict, f"{'; '.join(bad[:MAX_NAMED])}{more}", len(bad))


def _one(version: str, facts: Facts) -> Finding:
    """Verdict on a version that served. When in the window it did is not known, only that."""
    given = [a for a in facts.approvals if a.version == version]
    start = facts.window.start
    before, now = (last_words(given, at).get(version) for at in (start, facts.at))
    if now is None:
        served = "served before it was approved" if given else "serves and nobody approved it"
        return Finding(Verdict.FAIL, f"version {version} {served}")
    # one that ends with the window covers all of it
    if now.expires_at is not None and now.expires_at < facts.at:
        told = f"the approval of version {version} ended on {now.expires_at:%Y-%m-%d}"
        if now.expires_at > start:
            return Finding(Verdict.WARN, f"{told}, in this window, and it may have served later")
        return Finding(Verdict.FAIL, told)
    if before is None or before.is_over(start):
        told = f"version {version} was approved on {now.approved_at:%Y-%m-%d}, in this window"
        return Finding(Verdict.WARN, f"{told}, and may have served before")
    return Finding(Verdict.OK, version)


add(
    Rule(
        id="GOV-04",
        name="approved_versions",
        title="Only approved versions serve.",
        missing=_missing,
        judge=_judge,
    )
)
