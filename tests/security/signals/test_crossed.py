"""SEC-09: one is enough; both texts and the person have to be known."""

from __future__ import annotations

from monitoring_pipelines.security.facts import INPUT, OUTPUT, Facts, TextColumn, occurrence_key
from monitoring_pipelines.security.signals.crossed import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

TEXTS = (TextColumn("question", INPUT), TextColumn("answer", OUTPUT))


def test_one_is_enough() -> None:
    found = Occurrences(9, {"email": 1})
    now = SecuritySummary(9, {occurrence_key("crossed", "answer"): found})
    (one,) = SIGNAL.judge(Facts(alpha=0.01, texts=TEXTS, now=now))
    assert one.judgement.verdict == "fail"
    assert one.judgement.reason == "email in 1 of 9 texts"


def test_says_what_it_misses() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01)) == (
        "security.columns.text_in, security.columns.text_out, security.columns.end_user"
    )
    assert SIGNAL.missing(Facts(alpha=0.01, texts=TEXTS, roles=frozenset({"end_user"}))) == ""
