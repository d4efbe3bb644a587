"""SEC-15: far out in many features at once, more often than usual."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from monitoring_pipelines.security.facts import OUTER, Facts, occurrence_key
from monitoring_pipelines.security.signals.outliers import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

D = 10


def counted(outer: np.ndarray) -> Occurrences:
    kinds, counts = np.unique(outer, return_counts=True)
    return Occurrences(len(outer), {str(k): int(n) for k, n in zip(kinds, counts, strict=True)})


def judged(now: Occurrences, usual: Occurrences | None, alpha: float = 0.001) -> tuple[str, str]:
    key = occurrence_key(OUTER, "")
    facts = Facts(
        alpha=alpha,
        now=SecuritySummary(now.n, {key: now}),
        usual=SecuritySummary(usual.n, {key: usual}) if usual else None,
    )
    (found,) = SIGNAL.judge(facts)
    return found.judgement.verdict.value, found.judgement.reason


def test_strangers_among_the_rows() -> None:
    rng = np.random.default_rng(1)
    usual = counted(rng.binomial(D, 0.02, 20_000))
    # the least number that at most one row in a hundred has
    k = next(k for k in range(D) if binom.sf(k - 1, D, 0.02) <= 0.01)
    now = np.r_[rng.binomial(D, 0.02, 900), np.full(100, 8)]
    verdict, reason = judged(counted(now), usual)
    assert verdict == "warn"
    assert reason.startswith(f"{k} or more features in the outermost bins: ")
    assert judged(counted(np.r_[now, np.full(900, 8)]), usual)[0] == "fail"


def test_nothing_is_found_more_often_than_allowed() -> None:
    rng, alpha, draws = np.random.default_rng(2), 0.05, 300
    alarms = sum(
        judged(counted(rng.binomial(D, 0.02, 400)), counted(rng.binomial(D, 0.02, 2_000)), alpha)[0]
        != "ok"
        for _ in range(draws)
    )
    assert alarms / draws <= alpha


def test_what_cannot_be_compared() -> None:
    some = counted(np.zeros(100, dtype=int))
    assert judged(some, None)[0] == judged(Occurrences(0), some)[0] == "unknown"
    # no row ever was far out: the first hundred are
    assert judged(counted(np.ones(100, dtype=int)), counted(np.zeros(900, dtype=int)))[0] == "fail"
    assert SIGNAL.missing(Facts(alpha=0.1)) == "three numeric features"
