"""Whether a number is beyond what was promised of it, whatever it was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, number
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics.base import Direction

if TYPE_CHECKING:
    from monitoring_pipelines.checks.judgement import Estimate


def judge_limit(name: str, estimate: Estimate, limit: float, direction: Direction) -> Judgement:
    """`fail` if the whole interval of the `estimate` is beyond the `limit`, else `ok`.

    With an interval of the confidence ``interval_confidence(alpha)`` a number that keeps its limit
    fails by chance with probability alpha at most. A sum is a fact: both ends are the sum itself.

    >>> from monitoring_pipelines.checks.judgement import Estimate
    >>> from monitoring_pipelines.metrics.base import Direction
    >>> judge_limit(
    ...     "error_rate", Estimate(0.08, 0.06, 0.11, 500), 0.05, Direction.HIGHER_IS_WORSE
    ... ).reason
    'error_rate 0.08 is beyond its limit 0.05, and not by chance (at least 0.06)'
    """
    said = f"{name} {number(estimate.value)}"
    above = direction is Direction.HIGHER_IS_WORSE
    least = estimate.low if above else estimate.high
    if (estimate.value <= limit) if above else (estimate.value >= limit):
        return Judgement(Verdict.OK, f"{said} is within its limit {number(limit)}")
    if (least <= limit) if above else (least >= limit):
        said += f" is beyond its limit {number(limit)}, but chance alone could explain it"
        return Judgement(Verdict.OK, said)
    said += f" is beyond its limit {number(limit)}"
    if least == estimate.value:
        return Judgement(Verdict.FAIL, said)
    word = "least" if above else "most"
    return Judgement(Verdict.FAIL, f"{said}, and not by chance (at {word} {number(least)})")
