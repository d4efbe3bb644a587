"""What fires is taken care of in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add, nothing

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


CRITICAL, HIGH = timedelta(days=1), timedelta(days=7)


def _judge(card: Card, facts: Facts) -> Finding:
    del card
    late = [
        finding.name
        for finding in facts.findings
        if facts.now - finding.since > (CRITICAL if finding.is_critical else HIGH)
    ]
    if not late:
        return Finding(Verdict.OK, "nothing fires for longer than it may", 0.0)
    named = ", ".join(sorted(late)[:3])
    limits = f"{CRITICAL.days} d (critical) or {HIGH.days} d"
    told = f"{len(late)} checks fire for longer than {limits}: {named}"
    return Finding(Verdict.FAIL, told, len(late))


add(
    Rule(
        id="GOV-15",
        name="deadlines",
        title="Open findings are within their deadline.",
        missing=nothing,
        judge=_judge,
    )
)
