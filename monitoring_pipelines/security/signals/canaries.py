"""SEC-05: a canary token in an answer. One is enough, and calls people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.canaries import NAME
from monitoring_pipelines.security.events import any_of, needs
from monitoring_pipelines.security.facts import OUTPUT
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

READS = frozenset({OUTPUT})


def _judge(facts: Facts) -> list[Found]:
    return [any_of(facts, NAME, column) for column in facts.reads(READS)]


SIGNAL = add(
    Signal(
        id="SEC-05",
        name="canaries",
        title="No canary token in an answer.",
        missing=needs(READS, "security.columns.text_out", NAME, "security.canaries"),
        judge=_judge,
        is_critical=True,
    )
)
