"""SEC-24: a long silence, and numbers that are missing."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.signals.log_gap import SIGNAL
from monitoring_pipelines.summaries.occurrences import SecuritySummary


def judged(gap: float, missing: float | None = None, n: int = 900) -> list[str]:
    extremes = {"gap": (gap,)} | ({"missing_numbers": (missing,)} if missing is not None else {})
    facts = Facts(
        alpha=0.001,
        roles=frozenset({"sequence"} if missing is not None else ()),
        now=SecuritySummary(n, {}, extremes),
        usual=SecuritySummary(9_000, {}, {"gap": (120.0,) * 20}),
    )
    return [found.judgement.verdict.value for found in SIGNAL.judge(facts)]


def test_a_long_silence() -> None:
    assert judged(6 * 3_600.0) == ["fail"]
    assert judged(150.0) == ["ok"]


def test_missing_numbers() -> None:
    assert judged(150.0, 0.0) == ["ok", "ok"]
    assert judged(150.0, 3.0) == ["ok", "fail"]


def test_no_row_is_told_elsewhere() -> None:
    assert judged(0.0, n=0) == ["unknown"]
    assert SIGNAL.missing(Facts(alpha=0.01)) == "rows"
