"""SEC-03: a rise of detections."""

from __future__ import annotations

from monitoring_pipelines.security.facts import GUARDED, Facts, occurrence_key
from monitoring_pipelines.security.signals.guardrail import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary


def judged(detected: int) -> str:
    key = occurrence_key(GUARDED, "")
    facts = Facts(
        alpha=0.001,
        now=SecuritySummary(1_000, {key: Occurrences(1_000, {"detected": detected})}),
        usual=SecuritySummary(9_000, {key: Occurrences(9_000, {"detected": 90})}),
    )
    (found,) = SIGNAL.judge(facts)
    return found.judgement.verdict.value


def test_a_rise() -> None:
    assert [judged(10), judged(60), judged(300)] == ["ok", "warn", "fail"]


def test_nothing_guarded_is_unknown() -> None:
    (found,) = SIGNAL.judge(Facts(alpha=0.01, now=SecuritySummary(9)))
    assert (found.judgement.verdict, found.judgement.reason) == ("unknown", "nothing to look at")
    assert SIGNAL.missing(Facts(alpha=0.01)) == "security.columns.guardrail_verdict"
