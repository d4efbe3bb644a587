"""SEC-03: a provider's guardrail sees more attacks than usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.events import needs_roles, share_of
from monitoring_pipelines.security.facts import GUARDED
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts


def _judge(facts: Facts) -> list[Found]:
    tolerance = facts.tolerance(SIGNAL.id, TOLERANCE)
    return [share_of(facts, GUARDED, "detected", tolerance)]


TOLERANCE = 0.01
SIGNAL = add(
    Signal(
        id="SEC-03",
        name="guardrail",
        title="No more detections of the provider's guardrail than usual.",
        missing=needs_roles("guardrail_verdict"),
        judge=_judge,
        tolerance=TOLERANCE,
    )
)
