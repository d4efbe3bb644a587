"""The model's predictions are logged, and nobody changed that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    del card
    return "" if facts.volume else "a result of volume"


def _judge(card: Card, facts: Facts) -> Finding:
    del card
    assert facts.volume is not None  # noqa: S101 - `_missing` saw to it
    if facts.logging_changed:
        return Finding(Verdict.FAIL, f"SEC-23 found: {', '.join(facts.logging_changed)}")
    if facts.volume.value:
        return Finding(Verdict.OK, f"{facts.volume.value:,.0f} predictions are in the log")
    if facts.volume.verdict is Verdict.FAIL:
        return Finding(Verdict.FAIL, "no prediction is in the log, and there usually are", 0.0)
    return Finding(Verdict.UNKNOWN, "no prediction is in the log", 0.0)


add(
    Rule(
        id="GOV-22",
        name="logging_on",
        title="Logging is on.",
        missing=_missing,
        judge=_judge,
    )
)
