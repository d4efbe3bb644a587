"""Whether so many records of a log could not be read that its numbers mean little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from monitoring_pipelines.checks.judgement import Share

TOLERANCE = 0.01
FAIL_TOLERANCE = 0.1


def judge_quarantine(share: Share) -> Judgement:
    """Judge `share`, the records that were set aside of all records: ``warn`` or ``fail`` if many.

    It is a share of everything that was read and no sample, so chance plays no part.

    >>> from monitoring_pipelines.checks.judgement import Share
    >>> judge_quarantine(Share(150, 1000)).verdict.value
    'fail'
    """
    if not share.of:
        return Judgement(Verdict.UNKNOWN, "no record was found")
    said = f"{share} records ({share.value:.2%}) could not be read"
    if share.value <= TOLERANCE:
        return Judgement(Verdict.OK, f"{said}, within {TOLERANCE:.0%}")
    verdict = Verdict.FAIL if share.value > FAIL_TOLERANCE else Verdict.WARN
    beyond = FAIL_TOLERANCE if verdict is Verdict.FAIL else TOLERANCE
    return Judgement(verdict, f"{said} (tolerance {beyond:.0%}); `quarantine` tells where and why")
