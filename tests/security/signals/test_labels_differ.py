"""SEC-16: a source that flips labels, sources that only differ, and chance."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.security.facts import OTHERS, WORST, Facts, occurrence_key
from monitoring_pipelines.security.signals.labels_differ import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary


def judged(bad: int, n: int, others: tuple[int, int], excess: float = 0.05, alpha: float = 0.001,
           windows: int = 20) -> str:  # fmt: skip
    found = {
        occurrence_key(WORST, ""): Occurrences(n, {"bad": bad}),
        occurrence_key(OTHERS, ""): Occurrences(others[1], {"bad": others[0], "sources": 4}),
    }
    facts = Facts(
        alpha=alpha,
        now=SecuritySummary(9, found),
        usual=SecuritySummary(9, {}, {"disagreement": (excess,) * windows}),
    )
    (one,) = SIGNAL.judge(facts)
    return one.judgement.verdict.value


def test_flipped_labels() -> None:
    assert judged(75, 100, (75, 300)) == "fail"
    assert judged(30, 100, (75, 300)) == "ok"


def test_a_source_that_always_gets_the_hard_cases() -> None:
    assert judged(75, 100, (75, 300), excess=0.5) == "ok"


def test_without_a_past_nothing_is_told() -> None:
    assert judged(75, 100, (75, 300), windows=4) == "unknown"
    (one,) = SIGNAL.judge(Facts(alpha=0.01, now=SecuritySummary(9)))
    assert one.judgement.verdict == "unknown"
    assert SIGNAL.missing(Facts(alpha=0.1)) == "security.columns.label_source"


def test_the_worst_of_equal_sources_is_seldom_called_so() -> None:
    rng, alpha, draws = np.random.default_rng(8), 0.05, 400
    alarms = 0
    for _ in range(draws):
        bad = rng.binomial(60, 0.25, 4)
        worst = int(bad.max())
        rest = (int(bad.sum() - worst), 180)
        alarms += judged(worst, 60, rest, excess=0.0, alpha=alpha) == "fail"
    assert alarms / draws <= alpha + 3 * (alpha * (1 - alpha) / draws) ** 0.5
