"""No model or agent answers that nobody has a card of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add
from monitoring_pipelines.governance.rules.region import allowed_only

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    if card.models is None:
        return "governance.models"
    return "" if facts.log.named or facts.log.problem else "the log"


def _judge(card: Card, facts: Facts) -> Finding:
    assert card.models is not None  # noqa: S101 - `_missing` saw to it
    if not facts.log.named:
        return Finding(Verdict.UNKNOWN, facts.log.problem)
    return allowed_only(card.models.column, facts.log.named.get(card.models.column))


add(
    Rule(
        id="GOV-20",
        name="registered",
        title="Every model in the log has a card.",
        missing=_missing,
        judge=_judge,
    )
)
