"""Signals of what an agent did with its tools: counts of tasks, without a word of any text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.facts import BEHAVED
from monitoring_pipelines.security.signal import Found

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.security.facts import Facts

TASKS = "tasks of an agent in raw logs"


def needs_tasks(*declared: str) -> Callable[[Facts], str]:
    """What keeps a signal from looking: a log without tasks, or keys of `security.tools`."""

    def missing(facts: Facts) -> str:
        absent = [] if "tasks" in facts.roles else [TASKS]
        absent += [f"security.tools.{name}" for name in declared if name not in facts.declared]
        return ", ".join(absent)

    return missing


def any_task(facts: Facts, name: str, did: str, nothing: str) -> Found:
    """`fail` if one task did something; `did` says what, `nothing` why there may be none to ask."""
    now, _ = facts.occurrences(BEHAVED, name)
    if now is None or not now.n:
        return Found(judgement=Judgement(Verdict.UNKNOWN, nothing))
    n = now.counts.get(name, 0)
    judgement = Judgement(Verdict.FAIL if n else Verdict.OK, f"{n:,} of {now.n:,} tasks {did}")
    return Found(judgement=judgement, n=now.n, value=n / now.n)
