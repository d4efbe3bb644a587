"""One is enough, and both the answers and the secret have to be known."""

from __future__ import annotations

from monitoring_pipelines.security.facts import OUTPUT, Facts, TextColumn, occurrence_key
from monitoring_pipelines.security.signals.prompt_leak import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

ANSWER = TextColumn("answer", OUTPUT)


def judged(found: Occurrences) -> tuple[str, str]:
    now = SecuritySummary(found.n, {occurrence_key("prompt_leak", "answer"): found})
    (one,) = SIGNAL.judge(Facts(alpha=0.01, texts=(ANSWER,), now=now))
    return one.judgement.verdict.value, one.judgement.reason


def test_one_is_enough() -> None:
    assert judged(Occurrences(9, {"system prompt": 1})) == ("fail", "system prompt in 1 of 9 texts")
    assert judged(Occurrences(9)) == ("ok", "none in 9 texts")


def test_says_what_it_misses() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01, texts=(ANSWER,))) == "security.system_prompt"
    known = Facts(alpha=0.01, declared=frozenset({"prompt_leak"}))
    assert SIGNAL.missing(known) == "security.columns.text_out"
    both = Facts(alpha=0.01, texts=(ANSWER,), declared=frozenset({"prompt_leak"}))
    assert SIGNAL.missing(both) == ""
