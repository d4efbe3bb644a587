"""Whether a share of bad values (missing, unseen, out of range, mistyped) has risen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.stats.exact import probability_of_rise

if TYPE_CHECKING:
    from monitoring_pipelines.checks.judgement import Share

# an exact test is right for any number of rows, but a handful of rows often has one sender
MIN_ROWS = 30
TOLERANCE = 0.01
FAIL_TOLERANCE = 0.1


def judge_share(
    share: Share,
    reference: Share | None,
    *,
    alpha: float,
    tolerance: float = TOLERANCE,
    fail_tolerance: float = FAIL_TOLERANCE,
    min_rows: int = MIN_ROWS,
) -> Judgement:
    """A rise that chance does not explain and that exceeds a tolerance: `warn`, or `fail`.

    Chance is excluded by Fisher's exact test, one-sided at `alpha`: it never alarms more often.
    Tolerances are differences of shares. A fall is fine.

    >>> from monitoring_pipelines.checks.judgement import Share
    >>> judge_share(Share(150, 1000), Share(10, 1000), alpha=0.001).verdict.value
    'fail'
    """
    if refusal := _refusal(share, reference, min_rows):
        return Judgement(Verdict.UNKNOWN, refusal)
    assert reference is not None  # noqa: S101 - refused above
    rise = share.value - reference.value
    said = f"{share} rows ({share.value:.2%})"
    against = f"the reference's {reference.value:.2%}"
    if rise <= 0:
        return Judgement(Verdict.OK, f"{said} are no more than {against}")
    if rise <= tolerance:
        return Judgement(Verdict.OK, f"{said} are within {tolerance:.2%} of {against}")
    if probability_of_rise(share.bad, share.of, reference.bad, reference.of) > alpha:
        return Judgement(
            Verdict.OK, f"{said} are above {against}, but chance alone could explain it"
        )
    verdict = Verdict.FAIL if rise > fail_tolerance else Verdict.WARN
    beyond = fail_tolerance if verdict is Verdict.FAIL else tolerance
    return Judgement(
        verdict, f"{said} are {rise:.2%} above {against} (tolerance {beyond:.2%}), not by chance"
    )


def _refusal(share: Share, reference: Share | None, min_rows: int) -> str:
    if not share.of:
        return "no row to take a share of"
    if reference is None or not reference.of:
        return f"{share} rows, and the reference has none to compare with"
    if share.of < min_rows:
        return f"{share} rows: too few to judge; it needs {min_rows:,}"
    return ""
