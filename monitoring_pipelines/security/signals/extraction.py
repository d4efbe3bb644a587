"""SEC-13: users who query as one would to copy the model, more of them than usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.checks.surge import judge_surge
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.extraction import MIN_QUERIES, MIN_USERS
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

NAME = "suspects"


def _judge(facts: Facts) -> list[Found]:
    now = facts.now.extremes.get(NAME, ()) if facts.now else ()
    usual = facts.usual.extremes.get(NAME, ()) if facts.usual else ()
    n = facts.now.n_rows if facts.now else 0
    if not now:
        few = f"fewer than {MIN_USERS} users with {MIN_QUERIES} queries: nobody to compare with"
        return [Found(judgement=Judgement(Verdict.UNKNOWN, few), n=n)]
    what = "users query much, and unlike all others in two ways or more"
    judgement = judge_surge(now[0], usual, alpha=facts.alpha, what=what, least=1.0, times=1.0)
    most = max(usual, default=None)
    return [Found(judgement=judgement, n=n, value=now[0], reference_value=most)]


def _missing(facts: Facts) -> str:
    absent = [] if "principal" in facts.roles else ["security.columns.principal"]
    absent += [] if "features" in facts.roles else ["three numeric features"]
    return ", ".join(absent)


SIGNAL = add(
    Signal(
        id="SEC-13",
        name="extraction",
        title="Nobody queries as one would to copy the model.",
        missing=_missing,
        judge=_judge,
    )
)
