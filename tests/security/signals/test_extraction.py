"""SEC-13: more suspects than in earlier windows."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.signals.extraction import SIGNAL
from monitoring_pipelines.summaries.occurrences import SecuritySummary


def judged(now: tuple[float, ...], usual: tuple[float, ...]) -> str:
    facts = Facts(
        alpha=0.001,
        now=SecuritySummary(9, {}, {"suspects": now} if now else {}),
        usual=SecuritySummary(9, {}, {"suspects": usual}),
    )
    (found,) = SIGNAL.judge(facts)
    return found.judgement.verdict.value


def test_more_than_ever() -> None:
    assert judged((1.0,), (0.0,) * 20) == "fail"
    assert judged((1.0,), (0.0, 1.0) * 10) == "ok"
    assert judged((0.0,), (0.0,) * 20) == "ok"


def test_nothing_to_compare_with() -> None:
    assert judged((1.0,), ()) == judged((), (0.0,) * 20) == "unknown"


def test_says_what_it_misses() -> None:
    assert SIGNAL.missing(Facts(alpha=0.1)) == (
        "security.columns.principal, three numeric features"
    )
