"""Whether the largest of a window is far above the largest of earlier windows."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, number
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.stats.extreme_limits import extreme_limit

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMES = 5.0


def judge_surge(
    value: float, earlier: Sequence[float], *, alpha: float, what: str, least: float = 0.0,
    times: float = TIMES,
) -> Judgement:  # fmt: skip
    """`fail` if `value` is beyond chance, `times` the usual and at least `least`; `what` names it.

    Chance gives more with probability `alpha` at most, also with heavy tails. Below `least` nothing
    needs a reference; with fewer than five earlier windows more is `unknown`.

    >>> judge_surge(9000, [20, 30, 25, 22, 28, 31], alpha=0.001, what="calls of one user").reason
    '9,000 calls of one user are 339.6 times the usual 26.5; chance alone would give at most 2,126'
    """
    said = f"{number(value)} {what}"
    if value < least:
        return Judgement(Verdict.OK, f"{said}; below {number(least)} it does not matter")
    try:
        limit = extreme_limit(earlier, alpha)
    except NotApplicableError as error:
        return Judgement(Verdict.UNKNOWN, f"{said}; {error}")
    usual = median(earlier)
    ratio = value / usual if usual else float("inf")
    about = f"the usual {number(usual)}"
    if value <= limit or ratio < times:
        return Judgement(Verdict.OK, f"{said}; usual are {number(usual)}")
    many = f"{number(ratio)} times {about}" if usual else f"far above {about}"
    return Judgement(
        Verdict.FAIL, f"{said} are {many}; chance alone would give at most {number(limit)}"
    )
