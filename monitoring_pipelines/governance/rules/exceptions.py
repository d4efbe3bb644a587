"""An exception from a rule ends when it says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


SOON = timedelta(days=14)


def _missing(card: Card, facts: Facts) -> str:
    del card
    return "" if facts.waivers else "governance.exceptions"


def _judge(card: Card, facts: Facts) -> Finding:
    del card
    # the last word on a rule counts: an exception may be renewed
    last = {w.rule: w for w in sorted(facts.waivers, key=lambda w: w.until)}
    over = [w for w in last.values() if w.until <= facts.at]
    if over:
        told = ", ".join(f"{w.rule} on {w.until:%Y-%m-%d}" for w in over)
        return Finding(Verdict.FAIL, f"expired exceptions: {told}", len(over))
    soon = [w for w in last.values() if w.until - facts.at <= SOON]
    if soon:
        told = ", ".join(f"{w.rule} on {w.until:%Y-%m-%d}" for w in soon)
        return Finding(Verdict.WARN, f"exceptions that end soon: {told}", 0.0)
    return Finding(Verdict.OK, f"{len(last)} exceptions are in force", 0.0)


add(
    Rule(
        id="GOV-17",
        name="exceptions",
        title="No exception has expired.",
        missing=_missing,
        judge=_judge,
    )
)
