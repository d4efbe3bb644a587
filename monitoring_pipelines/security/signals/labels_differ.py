"""SEC-16: labels of one source contradict the model far more than those of all others.

Sources differ: one gets the hard cases. So the share has to be beyond chance, and five points
beyond what the source that differs most usually is above the others.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.events import needs_roles
from monitoring_pipelines.security.facts import OTHERS, WORST
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

EXCESS, MIN_WINDOWS = "disagreement", 5


def _judge(facts: Facts) -> list[Found]:
    one, others = (facts.occurrences(name, "")[0] for name in (WORST, OTHERS))
    usual = facts.usual.extremes.get(EXCESS, ()) if facts.usual else ()
    if one is None or others is None:
        few = "fewer than two sources with twenty labels that arrived in this window"
        return [Found(judgement=Judgement(Verdict.UNKNOWN, few))]
    if len(usual) < MIN_WINDOWS:
        few = f"{len(usual)} earlier windows do not tell how sources differ; it needs {MIN_WINDOWS}"
        return [Found(judgement=Judgement(Verdict.UNKNOWN, few), n=one.n)]
    beyond = median(usual) + facts.tolerance(SIGNAL.id, TOLERANCE)
    share, rest = Share(one.counts["bad"], one.n), Share(others.counts["bad"], others.n)
    judged = judge_share(
        share,
        rest,
        # the worst of several sources was chosen
        alpha=facts.alpha / others.counts["sources"],
        tolerance=beyond,
        fail_tolerance=beyond,
        min_rows=1,
    )
    told = f"{share} labels of one source contradict the model ({share.value:.1%}), of all others "
    told += f"{rest.value:.1%}; {beyond:.1%} more would matter"
    return [
        Found(
            judgement=Judgement(judged.verdict, told),
            n=one.n,
            value=share.value,
            reference_value=rest.value,
            tolerance=beyond,
        )
    ]


TOLERANCE = 0.05
SIGNAL = add(
    Signal(
        id="SEC-16",
        name="labels_differ",
        title="Labels of one source agree with the others.",
        missing=needs_roles("label_source"),
        judge=_judge,
        tolerance=TOLERANCE,
    )
)
