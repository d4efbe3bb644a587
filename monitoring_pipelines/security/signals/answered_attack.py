"""SEC-04: an attack that a guardrail detected and that was answered all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.events import needs_roles
from monitoring_pipelines.security.facts import GUARDED
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

ANSWERED = "answered"


def _judge(facts: Facts) -> list[Found]:
    now, _ = facts.occurrences(GUARDED, "")
    if now is None or not now.n:
        return [Found(judgement=Judgement(Verdict.UNKNOWN, "no call that a guardrail looked at"))]
    n = now.counts.get(ANSWERED, 0)
    said = f"{n:,} of {now.n:,} guarded calls were attacks that were answered"
    verdict = Verdict.FAIL if n else Verdict.OK
    return [Found(judgement=Judgement(verdict, said), n=now.n, value=n / now.n)]


SIGNAL = add(
    Signal(
        id="SEC-04",
        name="answered_attack",
        title="No attack that a guardrail saw was answered.",
        missing=needs_roles("guardrail_verdict", "guardrail_action", "guardrail_categories"),
        judge=_judge,
    )
)
