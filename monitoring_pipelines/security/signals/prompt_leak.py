"""SEC-06: an answer that tells the system prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.events import any_of, needs
from monitoring_pipelines.security.facts import OUTPUT
from monitoring_pipelines.security.prompt_leak import NAME
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

READS = frozenset({OUTPUT})


def _judge(facts: Facts) -> list[Found]:
    return [any_of(facts, NAME, column) for column in facts.reads(READS)]


SIGNAL = add(
    Signal(
        id="SEC-06",
        name="prompt_leak",
        title="No answer tells the system prompt.",
        missing=needs(READS, "security.columns.text_out", NAME, "security.system_prompt"),
        judge=_judge,
    )
)
