"""SEC-22: far above earlier windows, and not else."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.signals.denied import SIGNAL
from monitoring_pipelines.summaries.occurrences import SecuritySummary


def judged(value: float, usual: tuple[float, ...] = (2.0,) * 20) -> str:
    facts = Facts(
        alpha=0.001,
        roles=frozenset(["principal", "status"]),
        now=SecuritySummary(900, {}, {"denied": (value,)}),
        usual=SecuritySummary(9_000, {}, {"denied": usual}),
    )
    assert SIGNAL.missing(facts) == ""
    (found,) = SIGNAL.judge(facts)
    return found.judgement.verdict.value


def test_a_surge_fails_and_the_usual_does_not() -> None:
    assert [judged(90.0), judged(2.0), judged(1.0)] == ["fail", "ok", "ok"]
    assert judged(90.0, ()) == "unknown"
    assert judged(90.0, (90.0,) * 20) == "ok"


def test_says_what_it_misses() -> None:
    assert (
        SIGNAL.missing(Facts(alpha=0.01)) == "security.columns.principal, security.columns.status"
    )
