"""SEC-11: answers that run where they are shown, or that carry data to a host nobody listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_pipelines.security.events import needs, new_or_risen
from monitoring_pipelines.security.facts import OUTPUT
from monitoring_pipelines.security.signal import Found, Signal, add
from monitoring_pipelines.security.unsafe_output import KINDS, NAME

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts, TextColumn

READS = frozenset({OUTPUT})


def _judge(facts: Facts) -> list[Found]:
    tolerance = facts.tolerance(SIGNAL.id, TOLERANCE)
    return [_worst(facts, column, tolerance) for column in facts.reads(READS)]


def _worst(facts: Facts, column: TextColumn, tolerance: float) -> Found:
    """Each kind by itself: links that are usual must not hide the first script."""
    apart = replace(facts, alpha=facts.alpha / len(KINDS))
    found = [new_or_risen(apart, NAME, column, kind, tolerance) for kind in KINDS]
    return max(found, key=lambda one: (one.judgement.verdict.rank, one.value or 0.0))


TOLERANCE = 0.005
SIGNAL = add(
    Signal(
        id="SEC-11",
        name="unsafe_output",
        title="No answer runs where it is shown, or carries data out.",
        missing=needs(READS, "security.columns.text_out"),
        judge=_judge,
        tolerance=TOLERANCE,
    )
)
