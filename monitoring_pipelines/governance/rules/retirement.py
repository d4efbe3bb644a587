"""A model of somebody else is replaced before it is switched off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add, days

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


WARN, FAIL = timedelta(days=90), timedelta(days=30)


def _missing(card: Card, facts: Facts) -> str:
    del facts
    return "" if card.retires_on else "governance.retires_on"


def _judge(card: Card, facts: Facts) -> Finding:
    assert card.retires_on is not None  # noqa: S101 - `_missing` saw to it
    left = card.retires_on - facts.at.date()
    told = f"the provider switches it off on {card.retires_on}, in {days(left.days)}"
    if left.days < 0:
        told = f"the provider was to switch it off on {card.retires_on}, {days(-left.days)} ago"
    verdict = Verdict.WARN if left <= WARN else Verdict.OK
    return Finding(Verdict.FAIL if left <= FAIL else verdict, told, left.days)


add(
    Rule(
        id="GOV-18",
        name="retirement",
        title="A third party's model is not about to be switched off.",
        missing=_missing,
        judge=_judge,
    )
)
