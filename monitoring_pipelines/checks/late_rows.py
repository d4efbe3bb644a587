"""Whether windows have other rows now than when they were judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

TOLERANCE = 0.01


def judge_late_rows(windows: Sequence[tuple[int, int]], tolerance: float = TOLERANCE) -> Judgement:
    """`warn` if one of `windows`, each ``(rows when judged, rows now)``, changed by too much.

    That is by more than the `tolerance`, a share of the rows when it was judged; a window that was
    judged without rows may not change at all.

    >>> judge_late_rows([(1_000, 1_000), (1_000, 1_250)]).reason
    '1 of the windows before has 1,250 rows now and had 1,000 when it was judged: run it again'
    """
    changed = [(then, now) for then, now in windows if abs(now - then) > tolerance * then]
    if not changed:
        return Judgement(Verdict.OK, "windows before have the rows that they were judged with")
    then, now = (sum(counts) for counts in zip(*changed, strict=True))
    have, it, was = ("has", "it", "it was") if len(changed) == 1 else ("have", "them", "they were")
    return Judgement(
        Verdict.WARN,
        f"{len(changed)} of the windows before {have} {now:,} rows now and had {then:,} when {was} "
        f"judged: run {it} again",
    )
