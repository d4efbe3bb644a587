"""SEC-01: more of what users write has the words of attacks. A trend: words alone prove nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.events import needs, risen
from monitoring_pipelines.security.facts import INPUT
from monitoring_pipelines.security.scanners.injection import ATTACK, INJECTION
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

READS = frozenset({INPUT})


def _judge(facts: Facts) -> list[Found]:
    tolerance = facts.tolerance(SIGNAL.id, TOLERANCE)
    return [
        risen(facts, INJECTION.name, column, ATTACK, tolerance) for column in facts.reads(READS)
    ]


TOLERANCE = 0.01
SIGNAL = add(
    Signal(
        id="SEC-01",
        name="injection",
        title="No more words of attacks in what users write than usual.",
        missing=needs(READS, "security.columns.text_in"),
        judge=_judge,
        pages=False,
        tolerance=TOLERANCE,
    )
)
