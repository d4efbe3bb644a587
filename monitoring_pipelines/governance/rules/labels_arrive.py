"""Labels arrive as planned: without them nobody knows whether the model is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


# of the planned share
ENOUGH = 0.8


def _missing(card: Card, facts: Facts) -> str:
    if card.label_coverage is None:
        return "governance.label_coverage"
    return "" if facts.label_coverage else "a window whose labels are mature"


def _judge(card: Card, facts: Facts) -> Finding:
    result, plan = facts.label_coverage, card.label_coverage
    if result is None or result.value is None or plan is None:
        return Finding(Verdict.UNKNOWN, "the share of labels is not known")
    day = f"{result.window.utc.start:%Y-%m-%d}"
    told = f"{result.value:.1%} of the labels of window {day} came, planned are {plan:.1%}"
    # 0.8 * 0.9 is 0.7200..., which a person would call 0.72
    is_enough = result.value >= ENOUGH * plan * (1 - 1e-9)
    verdict = Verdict.OK if is_enough else Verdict.FAIL
    return Finding(verdict, told.replace("%", " %"), result.value)


add(
    Rule(
        id="GOV-09",
        name="labels_arrive",
        title="Labels arrive as planned.",
        missing=_missing,
        judge=_judge,
    )
)
