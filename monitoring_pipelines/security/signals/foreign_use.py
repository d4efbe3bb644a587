"""AGT-12: the identity of an agent did something from elsewhere than where the agent runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.facts import USED
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts


def _judge(facts: Facts) -> list[Found]:
    now, _ = facts.occurrences(USED, "")
    if now is None or not now.n:
        # an identity that is misspelt has no entry either
        nothing = "no entry of the audit log is of an agent's identity and tells where from"
        reason = facts.problems.get("audit") or nothing
        return [Found(judgement=Judgement(Verdict.UNKNOWN, reason))]
    n = now.counts.get("foreign", 0)
    told = f"{n:,} of {now.n:,} entries of agents' identities came from elsewhere"
    judgement = Judgement(Verdict.FAIL if n else Verdict.OK, told)
    return [Found(judgement=judgement, n=now.n, value=float(n))]


def _missing(facts: Facts) -> str:
    return "" if "agents" in facts.declared else "security.audit.agents"


SIGNAL = add(
    Signal(
        id="AGT-12",
        name="foreign_use",
        title="No agent's identity is used outside of its runtime.",
        missing=_missing,
        judge=_judge,
    )
)
