"""Rows of the log are kept for as long as they have to be, and not longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add, days

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    if card.log_retention is None:
        return "governance.log_retention"
    return "" if facts.log.kept or facts.log.problem else "the log"


def _judge(card: Card, facts: Facts) -> Finding:
    kept, plan = facts.log.kept, card.log_retention
    assert plan is not None  # noqa: S101 - `_missing` saw to it
    if kept is None:
        return Finding(Verdict.UNKNOWN, facts.log.problem)
    due = kept.oldest_due
    if due is not None and kept.n_due == 0:
        gone = f"the rows of window {due.utc.start:%Y-%m-%d} are not in the log any more"
        age = (kept.now - due.utc.start).days
        told = f"{gone} after {days(age)}, and are to be kept for {days(plan.at_least.days)}"
        return Finding(Verdict.FAIL, told, age)
    if plan.at_most is not None and kept.n_too_old:
        told = f"{kept.n_too_old:,} rows are older than {days(plan.at_most.days)}"
        return Finding(Verdict.FAIL, told, kept.n_too_old)
    if (due is not None and kept.n_due is None) or (plan.at_most and kept.n_too_old is None):
        return Finding(Verdict.UNKNOWN, "the age of rows in this table shows only by reading it")
    if due is None:
        told = "no rows were judged yet that could have been deleted too early"
        return Finding(Verdict.UNKNOWN, told)
    told = f"rows since {due.utc.start:%Y-%m-%d} are there"
    if plan.at_most is not None:
        told += f", and none older than {days(plan.at_most.days)}"
    return Finding(Verdict.OK, told, 0.0)


add(
    Rule(
        id="GOV-12",
        name="retention",
        title="Logs are kept long enough, and not longer.",
        missing=_missing,
        judge=_judge,
    )
)
