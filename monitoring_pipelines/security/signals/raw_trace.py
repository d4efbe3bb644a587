"""SEC-10: what a guardrail hid stands in its trace in the clear, and so in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.events import needs_roles
from monitoring_pipelines.security.facts import TRACED
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts


def _judge(facts: Facts) -> list[Found]:
    now, _ = facts.occurrences(TRACED, "")
    if now is None or not now.n:
        return [Found(judgement=Judgement(Verdict.UNKNOWN, "no trace of a guardrail to look at"))]
    n = now.counts.get("raw", 0)
    said = f"{n:,} of {now.n:,} traces of a guardrail hold in the clear what it hid"
    verdict = Verdict.FAIL if n else Verdict.OK
    return [Found(judgement=Judgement(verdict, said), n=now.n, value=n / now.n)]


SIGNAL = add(
    Signal(
        id="SEC-10",
        name="raw_trace",
        title="What a guardrail hid is not in its trace.",
        missing=needs_roles("guardrail_raw"),
        judge=_judge,
        pages=False,
    )
)
