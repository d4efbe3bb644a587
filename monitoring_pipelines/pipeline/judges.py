"""Whether scores are given by those who gave them in the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.labelled import LabelledSummary

NEW_JUDGES = "new_judge_rate"
TOLERANCE = 0.01


def judge_results(
    judging: Judging,
    window: Window,
    summaries: tuple[LabelledSummary, LabelledSummary | None],
    shared: dict[str, Any],
) -> list[Result]:
    """Share of the scores by judges that the reference has not; `warn` above a per cent.

    A new judge is a fact and no sample, so chance plays no part. Nothing is told of logs that name
    no judge. Names of judges come from data; they are counted, and not said.
    """
    labelled, reference = summaries
    if labelled.ratings is None or not labelled.ratings.judges or shared["segment"]:
        return []
    judges = labelled.ratings.judges
    n = sum(judges.values())
    if reference is None or reference.ratings is None or not reference.ratings.judges:
        reason = "the reference names no judge to compare with"
        return [judging.unknown(window, NEW_JUDGES, n, reason, **shared)]
    new = {name: k for name, k in judges.items() if name not in reference.ratings.judges}
    share = sum(new.values()) / n
    said = (
        f"{sum(new.values()):,} of {n:,} scores are by {len(new)} judge(s) of which the reference"
    )
    judgement = Judgement(Verdict.OK, f"{said} has none")
    if share > TOLERANCE:
        why = "a change of the score may be theirs and not the application's"
        judgement = Judgement(Verdict.WARN, f"{said} has none; {why}")
    return [
        judging.result(window, NEW_JUDGES, n, judgement, value=share, reference_value=0.0, **shared)
    ]
