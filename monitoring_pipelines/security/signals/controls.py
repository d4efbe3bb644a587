"""SEC-23: a control was changed, or somebody read the keys of accounts again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.extremes import Extreme
from monitoring_pipelines.security.facts import AUDITED
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

# from so many an hour on it matters
LISTED = Extreme(
    name="keys_listed", what="readings of keys by one caller within an hour", least=100.0, roles=()
)


def _judge(facts: Facts) -> list[Found]:
    now, _ = facts.occurrences(AUDITED, "")
    if now is None:
        nothing = facts.problems.get("audit") or "the audit log has no entry from this window on"
        return [Found(judgement=Judgement(Verdict.UNKNOWN, nothing))]
    n = sum(now.counts.values())
    if n:
        told = ", ".join(f"{what} ({k:,})" for what, k in now.counts.items())
        judgement = Judgement(Verdict.FAIL, f"{told}, in {now.n:,} entries of the audit log")
    else:
        listed = LISTED.judge(facts, SIGNAL.id).judgement
        none = f"no control was changed in {now.n:,} entries of the audit log"
        is_quiet = listed.verdict is Verdict.OK
        judgement = Judgement(Verdict.OK, none) if is_quiet else listed
    return [Found(judgement=judgement, n=now.n, value=float(n))]


def _missing(facts: Facts) -> str:
    return "" if "audit" in facts.declared else "security.audit"


SIGNAL = add(
    Signal(
        id="SEC-23",
        name="controls",
        title="No control was weakened.",
        missing=_missing,
        judge=_judge,
        is_critical=True,
    )
)
