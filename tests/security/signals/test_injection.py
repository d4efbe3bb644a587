"""SEC-01 on counts: a rise, and never one text."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts, TextColumn, occurrence_key
from monitoring_pipelines.security.signals.injection import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

COLUMN = TextColumn("said", "text_in")


def judged(now: int, usual: int | None, n: int = 1_000) -> tuple[str, str]:
    key = occurrence_key("injection", "said")
    found = [
        SecuritySummary(rows, {key: Occurrences(rows, {"attack": some, "override": some})})
        for rows, some in ((n, now), (10_000, usual or 0))
    ]
    facts = Facts(
        alpha=0.001,
        texts=(COLUMN,),
        now=found[0],
        usual=found[1] if usual is not None else None,
    )
    (one,) = SIGNAL.judge(facts)
    return one.judgement.verdict.value, one.judgement.reason


def test_a_rise_counts_and_chance_does_not() -> None:
    assert judged(12, 100)[0] == "ok"
    assert judged(60, 100)[0] == "warn"
    assert judged(300, 100)[0] == "fail"


def test_needs_its_column() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01)) == "security.columns.text_in"


def test_one_text_is_no_alarm() -> None:
    assert judged(1, 0)[0] == "ok"
    assert judged(1, None)[0] == "unknown"
