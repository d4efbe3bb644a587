"""SEC-12: far above earlier windows, and not else."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.signals.wallet import SIGNAL
from monitoring_pipelines.summaries.occurrences import SecuritySummary


def judged(value: float, usual: tuple[float, ...] = (2.0,) * 20) -> str:
    facts = Facts(
        alpha=0.001,
        roles=frozenset(["principal", "cost"]),
        now=SecuritySummary(900, {}, {"cost": (value,)}),
        usual=SecuritySummary(9_000, {}, {"cost": usual}),
    )
    assert SIGNAL.missing(facts) == ""
    (found,) = SIGNAL.judge(facts)
    return found.judgement.verdict.value


def test_a_surge_fails_and_the_usual_does_not() -> None:
    assert [judged(800.0), judged(2.0), judged(1.0)] == ["fail", "ok", "ok"]
    assert judged(800.0, ()) == "unknown"
    assert judged(800.0, (800.0,) * 20) == "ok"


def test_says_what_it_misses() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01)) == "security.columns.principal"


def test_the_best_measure_that_there_is_counts() -> None:
    now = SecuritySummary(9, {}, {"tokens": (9e6,), "calls": (9.0,)})
    for roles, what in (({"principal", "tokens"}, "tokens"), ({"principal"}, "calls")):
        (found,) = SIGNAL.judge(Facts(alpha=0.01, roles=frozenset(roles), now=now))
        assert what in found.judgement.reason
