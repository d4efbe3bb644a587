"""SEC-09: an answer with personal data that another user had written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.events import any_of
from monitoring_pipelines.security.facts import CROSSED, INPUT, OUTPUT
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

READS = frozenset({OUTPUT})


def _judge(facts: Facts) -> list[Found]:
    return [any_of(facts, CROSSED, column) for column in facts.reads(READS)]


def _missing(facts: Facts) -> str:
    roles = {column.role for column in facts.texts}
    absent = [role for role in (INPUT, OUTPUT) if role not in roles]
    absent += [] if "end_user" in facts.roles else ["end_user"]
    return ", ".join(f"security.columns.{role}" for role in absent)


SIGNAL = add(
    Signal(
        id="SEC-09",
        name="crossed",
        title="Nobody is told another person's data.",
        missing=_missing,
        judge=_judge,
        is_critical=True,
    )
)
