"""SEC-07: one is enough."""

from __future__ import annotations

from monitoring_pipelines.security.facts import INPUT, Facts, TextColumn, occurrence_key
from monitoring_pipelines.security.signals.secrets import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary


def judged(found: Occurrences) -> tuple[str, str]:
    now = SecuritySummary(found.n, {occurrence_key("secrets", "prompt"): found})
    (one,) = SIGNAL.judge(Facts(alpha=0.01, texts=(TextColumn("prompt", INPUT),), now=now))
    return one.judgement.verdict.value, one.judgement.reason


def test_one_is_enough() -> None:
    assert judged(Occurrences(9, {"github_token": 1})) == ("fail", "github token in 1 of 9 texts")


def test_none_is_ok_and_no_text_is_unknown() -> None:
    assert judged(Occurrences(9)) == ("ok", "none in 9 texts")
    assert judged(Occurrences(0)) == ("unknown", "no text to look at")


def test_needs_texts() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01)) == "a column of texts"
