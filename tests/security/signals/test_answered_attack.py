"""SEC-04: one attack that was answered is enough."""

from __future__ import annotations

from monitoring_pipelines.security.facts import GUARDED, Facts, occurrence_key
from monitoring_pipelines.security.signals.answered_attack import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary


def judged(n: int, answered: int) -> tuple[str, str]:
    found = Occurrences(n, {"detected": answered + 1, "answered": answered})
    now = SecuritySummary(n, {occurrence_key(GUARDED, ""): found})
    (one,) = SIGNAL.judge(Facts(alpha=0.01, now=now))
    return one.judgement.verdict.value, one.judgement.reason


def test_one_is_enough() -> None:
    assert judged(50, 1) == ("fail", "1 of 50 guarded calls were attacks that were answered")
    assert judged(50, 0)[0] == "ok"
    assert judged(0, 0)[0] == "unknown"


def test_says_what_it_misses() -> None:
    known = Facts(alpha=0.1, roles=frozenset({"guardrail_verdict", "guardrail_action"}))
    assert SIGNAL.missing(known) == "security.columns.guardrail_categories"
