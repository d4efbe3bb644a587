"""SEC-15: more rows than usual that are far out in many features at once.

A row is far out if it has so many features in the outermost bins of the reference that at most one
in a hundred rows of earlier windows had as many. An attack that changes inputs little is not seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.facts import OUTER
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts
    from monitoring_pipelines.summaries.occurrences import Occurrences

RARE = 0.01


def far(found: Occurrences, k: int) -> Share:
    """Rows with at least `k` features in outer bins."""
    return Share(sum(n for many, n in found.counts.items() if int(many) >= k), found.n)


def _judge(facts: Facts) -> list[Found]:
    now, usual = facts.occurrences(OUTER, "")
    if now is None or not now.n or usual is None or not usual.n:
        nothing = Judgement(Verdict.UNKNOWN, "no rows, or no earlier window to compare with")
        return [Found(judgement=nothing)]
    most = max(map(int, usual.counts), default=0)
    k = next(k for k in range(1, most + 2) if far(usual, k).value <= RARE)
    tolerance = facts.tolerance(SIGNAL.id, TOLERANCE)
    share, before = far(now, k), far(usual, k)
    judged = judge_share(
        share, before, alpha=facts.alpha, tolerance=tolerance, fail_tolerance=10 * tolerance
    )
    reason = f"{k} or more features in the outermost bins: {judged.reason}"
    return [
        Found(
            judgement=Judgement(judged.verdict, reason),
            n=now.n,
            value=share.value,
            reference_value=before.value,
            tolerance=tolerance,
        )
    ]


def _missing(facts: Facts) -> str:
    return "" if "features" in facts.roles else "three numeric features"


TOLERANCE = 0.04
SIGNAL = add(
    Signal(
        id="SEC-15",
        name="outliers",
        title="Inputs are like those of the reference.",
        missing=_missing,
        judge=_judge,
        pages=False,
        tolerance=TOLERANCE,
    )
)
