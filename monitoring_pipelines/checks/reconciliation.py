"""Whether a log has all that the provider counted."""

from __future__ import annotations

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict

TOLERANCE = 0.1


def judge_reconciliation(logged: int, billed: int) -> Judgement:
    """Judge the part of `billed` tokens that were not `logged`: ``warn`` if it is large.

    Both are sums of everything and no sample, so chance plays no part. More in the log than on the
    bill is a fault as well: something is counted twice.

    >>> judge_reconciliation(800, 1000).verdict.value
    'warn'
    """
    if not billed:
        return Judgement(Verdict.UNKNOWN, "the provider counted nothing")
    gap = 1 - logged / billed
    said = f"{logged:,} of {billed:,} tokens that the provider counted are in the log"
    if gap > TOLERANCE:
        return Judgement(Verdict.WARN, f"{said}: {gap:.0%} were used by calls that are not in it")
    if gap < -TOLERANCE:
        return Judgement(Verdict.WARN, f"{said}: {-gap:.0%} too many; is a call logged twice?")
    return Judgement(Verdict.OK, said)
