"""An exception from a rule ends when it says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card, Waiver
    from monitoring_pipelines.governance.facts import Facts


SOON = timedelta(days=14)


def _known(facts: Facts) -> list[Waiver]:
    return [w for w in facts.waivers if w.since is None or w.since <= facts.at]


def _missing(card: Card, facts: Facts) -> str:
    del card
    return "" if _known(facts) else "governance.exceptions"


def _judge(card: Card, facts: Facts) -> Finding:
    own = sorted(
        {f"{w.rule} by {w.approver}" for w in _known(facts) if card.is_concerned(w.approver)}
    )
    if own:
        told = f"exceptions by who owns or made the model do not count: {', '.join(own)}"
        return Finding(Verdict.FAIL, told, len(own))
    # the longest one of a rule counts: an exception may be renewed
    last = {w.rule: w for w in sorted(_known(facts), key=lambda w: w.until)}
    over = [w for w in last.values() if w.until <= facts.at]
    # that of a rule which is kept again is history
    late = [w for w in over if facts.verdicts.get(w.rule) is Verdict.FAIL]
    if late:
        return Finding(Verdict.FAIL, f"expired, and the rule fails: {_told(late)}", len(late))
    soon = [w for w in last.values() if w not in over and w.until - facts.at <= SOON]
    if soon:
        return Finding(Verdict.WARN, f"exceptions that end soon: {_told(soon)}", 0.0)
    n, ended = len(last) - len(over), len(over)
    told = f"exceptions in force: {n}; ended, and their rules do not fail: {ended}"
    return Finding(Verdict.OK, told, 0.0)


def _told(waivers: list[Waiver]) -> str:
    return ", ".join(f"{w.rule} on {w.until:%Y-%m-%d}" for w in waivers)


add(
    Rule(
        id="GOV-17",
        name="exceptions",
        title="No exception has expired.",
        missing=_missing,
        judge=_judge,
    )
)
