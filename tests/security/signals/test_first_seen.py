"""SEC-21: a wave, a few, and nobody who could be new."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.signals.first_seen import SIGNAL
from monitoring_pipelines.summaries.occurrences import SecuritySummary


def judged(*now: float) -> str:
    facts = Facts(
        alpha=0.001,
        now=SecuritySummary(900, {}, {"first_seen": now} if now else {}),
        usual=SecuritySummary(9_000, {}, {"first_seen": (2.0,) * 20}),
    )
    (found,) = SIGNAL.judge(facts)
    return found.judgement.verdict.value


def test_a_wave() -> None:
    assert [judged(500.0), judged(3.0), judged()] == ["fail", "ok", "unknown"]


def test_says_what_it_misses() -> None:
    assert SIGNAL.missing(Facts(alpha=0.1)) == "security.columns.principal"
    some = Facts(alpha=0.1, roles=frozenset({"principal"}))
    assert SIGNAL.missing(some) == "a log in files"
    assert not SIGNAL.missing(Facts(alpha=0.1, roles=frozenset({"principal", "earlier"})))


def test_it_never_pages() -> None:
    assert not SIGNAL.pages
