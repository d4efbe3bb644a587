"""SEC-11: what was never there fails, what always is has to rise."""

from __future__ import annotations

from monitoring_pipelines.security.facts import OUTPUT, Facts, TextColumn, occurrence_key
from monitoring_pipelines.security.signals.unsafe_output import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

ANSWER = TextColumn("answer", OUTPUT)


def judged(now: int, usual: int) -> str:
    key, kind = occurrence_key("unsafe_output", "answer"), "active content"
    facts = Facts(
        alpha=0.001,
        texts=(ANSWER,),
        now=SecuritySummary(1_000, {key: Occurrences(1_000, {kind: now})}),
        usual=SecuritySummary(9_000, {key: Occurrences(9_000, {kind: usual})}),
    )
    (one,) = SIGNAL.judge(facts)
    return one.judgement.verdict.value


def test_new_or_risen() -> None:
    assert [judged(1, 0), judged(0, 0), judged(10, 90), judged(100, 90)] == [
        "fail", "ok", "ok", "fail",
    ]  # fmt: skip


def test_needs_answers() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01)) == "security.columns.text_out"
