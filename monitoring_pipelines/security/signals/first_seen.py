"""SEC-21: far more callers than usual that were not there before. It warns: new is not wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.extremes import Extreme
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

NEW = Extreme(
    name="first_seen",
    what="users, or networks of one, that the thirty windows before did not have",
    least=5.0,
    roles=(("principal",),),
)


def _judge(facts: Facts) -> list[Found]:
    if facts.now is None or NEW.name not in facts.now.extremes:
        nothing = Judgement(Verdict.UNKNOWN, "the log has nothing before this window")
        return [Found(judgement=nothing)]
    return [NEW.judge(facts, SIGNAL.id)]


def _missing(facts: Facts) -> str:
    # a table of a database is read window by window
    return NEW.missing(facts) or ("" if "earlier" in facts.roles else "a log in files")


SIGNAL = add(
    Signal(
        id="SEC-21",
        name="first_seen",
        title="No wave of callers who were not there before.",
        missing=_missing,
        judge=_judge,
        pages=False,
        tolerance=TIMES,
    )
)
