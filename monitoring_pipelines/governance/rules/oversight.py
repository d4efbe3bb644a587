"""People look at decisions, and do not only nod.

All numbers are of one window. That nobody ever disagrees tells something only of enough reviews:
of 299 at least one is changed with 95 per cent, if people change one in a hundred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card, Oversight
    from monitoring_pipelines.governance.facts import Facts, Reviews


ENOUGH = 20
ENOUGH_TO_DISAGREE = 299
MOST_CHANGED = 0.5
FEWEST_SECONDS = 3.0
CONFIDENCE = 0.99


def _missing(card: Card, facts: Facts) -> str:
    if card.oversight is None:
        return "governance.oversight"
    return "" if facts.log.reviews or facts.log.problem else "the log's columns of review"


def _judge(card: Card, facts: Facts) -> Finding:
    found, plan = facts.log.reviews, card.oversight
    assert plan is not None  # noqa: S101 - `_missing` saw to it
    if found is None:
        return Finding(Verdict.UNKNOWN, facts.log.problem)
    if not found.n:
        return Finding(Verdict.UNKNOWN, "no rows in this window")
    wrong = [said for said in (_too_few(found, plan), *_too_easy(found)) if said]
    share = found.reviewed / found.n
    if wrong:
        return Finding(Verdict.WARN, "; ".join(wrong), share)
    told = f"{found.reviewed:,} of {found.n:,} decisions were reviewed"
    if found.reviewed < ENOUGH:
        return Finding(Verdict.UNKNOWN, f"{told}, too few to tell how", share)
    if found.changed is not None:
        told += f", and {found.changed:,} changed"
    return Finding(Verdict.OK, told, share)


def _bounds(part: int, n: int) -> tuple[float, float]:
    from monitoring_pipelines.stats.intervals import wilson  # heavy: rules load with definitions

    return wilson(part, n, CONFIDENCE)


def _too_few(found: Reviews, plan: Oversight) -> str:
    if plan.review_rate is None or _bounds(found.reviewed, found.n)[1] >= plan.review_rate:
        return ""
    told = f"{found.reviewed:,} of {found.n:,} decisions were reviewed"
    return f"{told}, planned are {100 * plan.review_rate:g} %"


def _too_easy(found: Reviews) -> list[str]:
    told = []
    n, changed = found.compared or 0, found.changed
    if changed == 0 and n >= ENOUGH_TO_DISAGREE:
        told.append(f"reviewers changed none of {n:,} decisions")
    if changed and n >= ENOUGH and _bounds(changed, n)[0] > MOST_CHANGED:
        told.append(f"reviewers changed {changed:,} of {n:,} decisions, more than half")
    fast = found.median_s is not None and found.median_s < FEWEST_SECONDS
    if fast and found.reviewed >= ENOUGH:
        told.append(f"half of the reviews took less than {FEWEST_SECONDS:g} seconds")
    return told


add(
    Rule(
        id="GOV-14",
        name="oversight",
        title="People review, and sometimes disagree.",
        missing=_missing,
        judge=_judge,
    )
)
