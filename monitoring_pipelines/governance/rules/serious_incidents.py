"""A serious incident is reported before its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict, worst
from monitoring_pipelines.governance.rule import Finding, Rule, add, days

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card, Serious
    from monitoring_pipelines.governance.facts import Facts


# of the time that there is
SOON, LATE = 0.5, 0.8


def _missing(card: Card, facts: Facts) -> str:
    del card
    return "" if _known(facts) else "an incident that `mlmon serious` marked"


def _known(facts: Facts) -> list[Serious]:
    return [one for one in facts.serious if one.aware_at <= facts.now]


def _judge(card: Card, facts: Facts) -> Finding:
    del card
    found = [_one(one, facts) for one in _known(facts)]
    verdict = worst(finding.verdict for finding in found)
    told = [finding.sentence for finding in found if finding.verdict is verdict]
    return Finding(verdict, "; ".join(told), sum(f.verdict is Verdict.FAIL for f in found))


def _one(one: Serious, facts: Facts) -> Finding:
    end = one.aware_at + one.within
    if one.reported_at is not None and one.reported_at <= facts.now:
        if one.reported_at > end:
            late = f"{one.name} was reported on {one.reported_at:%Y-%m-%d}, after {end:%Y-%m-%d}"
            return Finding(Verdict.WARN, late)
        return Finding(Verdict.OK, f"{one.name} was reported in time")
    spent = (facts.now - one.aware_at) / one.within
    told = (
        f"{one.name} has to be reported by {end:%Y-%m-%d %H:%M} UTC, {days(one.within.days)} after"
    )
    told += " it was known, and is not yet"
    verdict = Verdict.WARN if spent >= SOON else Verdict.OK
    return Finding(Verdict.FAIL if spent >= LATE else verdict, told)


add(
    Rule(
        id="GOV-16",
        name="serious_incidents",
        title="Serious incidents are reported in time.",
        missing=_missing,
        judge=_judge,
    )
)
