"""Counts of tasks: one is enough, none to ask is unknown."""

from __future__ import annotations

from monitoring_pipelines.security.behaviour import TASKS, any_task, needs_tasks
from monitoring_pipelines.security.facts import BEHAVED, Facts, occurrence_key
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary


def judged(n: int, did: int) -> tuple[str, str]:
    key = occurrence_key(BEHAVED, "sang")
    now = SecuritySummary(9, {key: Occurrences(n, {"sang": did})})
    found = any_task(Facts(alpha=0.1, now=now), "sang", "sang", "nobody was there")
    return found.judgement.verdict.value, found.judgement.reason


def test_one_is_enough() -> None:
    assert judged(9, 1) == ("fail", "1 of 9 tasks sang")
    assert judged(9, 0) == ("ok", "0 of 9 tasks sang")
    assert judged(0, 0) == ("unknown", "nobody was there")


def test_what_it_needs() -> None:
    missing = needs_tasks("decoys")
    assert missing(Facts(alpha=0.1)) == f"{TASKS}, security.tools.decoys"
    assert (
        missing(Facts(alpha=0.1, roles=frozenset({"tasks"}), declared=frozenset({"decoys"}))) == ""
    )
