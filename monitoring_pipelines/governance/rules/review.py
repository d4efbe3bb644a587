"""A person looks at the model as a whole from time to time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add, days

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


SOON = timedelta(days=30)


def _missing(card: Card, facts: Facts) -> str:
    del facts
    return "" if card.review else "governance.review"


def _judge(card: Card, facts: Facts) -> Finding:
    assert card.review is not None  # noqa: S101 - `_missing` saw to it
    due, today = card.review.last + card.review.every, facts.at.date()
    if card.review.last > today:
        told = f"the card tells of the review of {card.review.last} only, which came later"
        return Finding(Verdict.UNKNOWN, told)
    late = (today - due).days
    if late > 0:
        return Finding(Verdict.FAIL, f"the review that was due on {due} is {days(late)} late", late)
    if due - today <= SOON:
        return Finding(Verdict.WARN, f"the review is due on {due}", late)
    return Finding(Verdict.OK, f"the next review is due on {due}", late)


add(
    Rule(
        id="GOV-03",
        name="review",
        title="The review is not overdue.",
        missing=_missing,
        judge=_judge,
    )
)
