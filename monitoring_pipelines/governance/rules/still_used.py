"""A model that nobody calls is switched off, and an old one is trained again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add, days

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


UNUSED = timedelta(days=90)


def _missing(card: Card, facts: Facts) -> str:
    del card
    return "" if facts.last_prediction else "a window with predictions"


def _judge(card: Card, facts: Facts) -> Finding:
    assert facts.last_prediction is not None  # noqa: S101 - `_missing` saw to it
    idle = facts.at - facts.last_prediction
    if idle > UNUSED:
        return Finding(Verdict.WARN, f"nobody used it for {days(idle.days)}", idle.days)
    if card.trained_on and card.retrain_every:
        age = facts.at.date() - card.trained_on
        if age > card.retrain_every:
            told = (
                f"it was trained {age.days} days ago, and is to be every {card.retrain_every.days}"
            )
            return Finding(Verdict.WARN, told, age.days)
    return Finding(Verdict.OK, "it is used, and not too old", 0.0)


add(
    Rule(
        id="GOV-24",
        name="still_used",
        title="The model is still used, and not stale.",
        missing=_missing,
        judge=_judge,
    )
)
