"""Whether a window has about as many rows as windows use to have."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.stats.prediction_limits import Prior, prediction_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

# before the spread can be seen, counts are taken to vary by a third from window to window, as
# firmly as if four windows had shown it
USUAL_SPREAD = Prior(spread=1 / 3, windows=4)
TOLERANCE = 0.5


def judge_volume(
    n: int, reference_counts: Sequence[int], alpha: float, tolerance: float = TOLERANCE
) -> Judgement:
    """No row at all, or far fewer than usual: `fail`. Far more: `warn`.

    "Far" is beyond a prediction limit at `alpha` for one more window like the reference's and
    beyond the factor that `tolerance` gives (0.5: less than half, or more than double). No row is
    `unknown` if windows of the reference had none either (a closed day).

    >>> judge_volume(0, [100, 120], 0.001).reason
    'no rows; windows of the reference have about 110'
    >>> judge_volume(90, [100, 120], 0.001).verdict.value
    'ok'
    """
    counts = [count for count in reference_counts if count > 0]
    if not counts:
        return _without_reference(n)
    usual = median(counts)
    about = f"windows of the reference have about {usual:,.0f}"
    if not n and (silent := len(reference_counts) - len(counts)):
        said = f"no rows, as in {silent} of {len(reference_counts)} windows of the reference"
        return Judgement(Verdict.UNKNOWN, said)
    if not n:
        return Judgement(Verdict.FAIL, f"no rows; {about}")
    # half a row keeps the logarithm of small counts in place
    low, high = prediction_limits([count + 0.5 for count in counts], alpha, _prior(usual))
    ratio = n / usual
    if n + 0.5 < low and ratio < 1 - tolerance:
        return Judgement(
            Verdict.FAIL,
            f"{n:,} rows are {1 - ratio:.0%} fewer than usual: {about}, and "
            f"chance alone would give at least {max(low - 0.5, 0):,.0f}",
        )
    if n + 0.5 > high and ratio * (1 - tolerance) > 1:
        return Judgement(
            Verdict.WARN,
            f"{n:,} rows are {ratio:.1f} times the usual: {about}, and "
            f"chance alone would give at most {high - 0.5:,.0f}",
        )
    return Judgement(Verdict.OK, f"{n:,} rows; {about}")


def _without_reference(n: int) -> Judgement:
    if not n:
        return Judgement(Verdict.FAIL, "no rows")
    return Judgement(
        Verdict.UNKNOWN, f"{n:,} rows, and the reference has no window to compare with"
    )


def _prior(usual: float) -> Prior:
    """The usual spread, and the counting noise of so many rows."""
    spread = (USUAL_SPREAD.spread**2 + 1 / usual) ** 0.5
    return Prior(spread, USUAL_SPREAD.windows)
