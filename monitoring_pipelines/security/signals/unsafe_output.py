"""SEC-11: answers that run where they are shown, or that carry data to a host nobody listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.events import needs, new_or_risen
from monitoring_pipelines.security.facts import OUTPUT
from monitoring_pipelines.security.signal import Found, Signal, add
from monitoring_pipelines.security.unsafe_output import NAME

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

READS = frozenset({OUTPUT})


def _judge(facts: Facts) -> list[Found]:
    tolerance = facts.tolerance(SIGNAL.id, TOLERANCE)
    return [new_or_risen(facts, NAME, column, tolerance) for column in facts.reads(READS)]


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
