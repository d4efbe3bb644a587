"""A model of somebody else is replaced before it is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.retirement import retirement
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    del facts
    return "" if card.retires_on else "governance.retires_on"


def _judge(card: Card, facts: Facts) -> Finding:
    assert card.retires_on is not None  # noqa: S101 - `_missing` saw to it
    found = retirement(card.retires_on, facts.at.date())
    return Finding(found.verdict, found.said, found.days)


add(
    Rule(
        id="GOV-18",
        name="retirement",
        title="A third party's model is not about to be switched off.",
        missing=_missing,
        judge=_judge,
    )
)
