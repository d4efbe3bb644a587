"""SEC-02: words of attacks in what tools and searches put in, where nobody has to give orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.events import needs, new_or_risen
from monitoring_pipelines.security.facts import CONTEXT
from monitoring_pipelines.security.scanners.injection import ATTACK, INJECTION
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

READS = frozenset({CONTEXT})


def _judge(facts: Facts) -> list[Found]:
    tolerance = facts.tolerance(SIGNAL.id, TOLERANCE)
    return [
        new_or_risen(facts, INJECTION.name, column, ATTACK, tolerance)
        for column in facts.reads(READS)
    ]


TOLERANCE = 0.01
SIGNAL = add(
    Signal(
        id="SEC-02",
        name="indirect_injection",
        title="No orders in what tools and searches put in.",
        missing=needs(READS, "security.columns.text_context"),
        judge=_judge,
        tolerance=TOLERANCE,
    )
)
