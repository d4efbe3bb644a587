"""AGT-07: tools send to more places than usual that were not sent to before. It warns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.behaviour import needs_tasks
from monitoring_pipelines.security.extremes import Extreme
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

# an agent that always sends to the same ones has a finding with the first other one
NEW = Extreme(
    name="new_places",
    what="hosts, domains or accounts that no tool sent to in the thirty windows before",
    least=1.0,
    roles=(),
)


def _judge(facts: Facts) -> list[Found]:
    if facts.now is None or NEW.name not in facts.now.extremes:
        nothing = "no tool sent anything before this window: everything would be new"
        return [Found(judgement=Judgement(Verdict.UNKNOWN, nothing))]
    return [NEW.judge(facts, SIGNAL.id)]


SIGNAL = add(
    Signal(
        id="AGT-07",
        name="new_places",
        title="Tools send where they always sent.",
        missing=needs_tasks(),
        judge=_judge,
        pages=False,
        tolerance=TIMES,
    )
)
