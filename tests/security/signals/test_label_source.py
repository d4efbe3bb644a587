"""SEC-18: far above earlier windows, and not else."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.signals.label_source import SIGNAL
from monitoring_pipelines.summaries.occurrences import SecuritySummary


def judged(value: float) -> str:
    facts = Facts(
        alpha=0.001,
        now=SecuritySummary(900, {}, {"label_source": (value,)}),
        usual=SecuritySummary(9_000, {}, {"label_source": (3.0,) * 20}),
    )
    (found,) = SIGNAL.judge(facts)
    return found.judgement.verdict.value


def test_far_above_the_usual() -> None:
    assert [judged(60.0), judged(4.0), judged(0.0)] == ["fail", "ok", "ok"]


def test_says_what_it_misses() -> None:
    assert SIGNAL.missing(Facts(alpha=0.1)) == "security.columns.label_source"
    assert not SIGNAL.missing(Facts(alpha=0.1, roles=frozenset({"label_source"})))
