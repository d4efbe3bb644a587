"""SEC-08 on counts: a new grave kind, a rise, chance, and nothing to look at."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.facts import OUTPUT, Facts, TextColumn, occurrence_key
from monitoring_pipelines.security.signals.personal_data import SIGNAL
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary


def judged(now: Occurrences, usual: Occurrences | None, alpha: float = 0.001) -> tuple[str, str]:
    key = occurrence_key("personal_data", "answer")
    facts = Facts(
        alpha=alpha,
        texts=(TextColumn("answer", OUTPUT),),
        now=SecuritySummary(now.n, {key: now}),
        usual=SecuritySummary(usual.n, {key: usual}) if usual else None,
    )
    assert not SIGNAL.missing(facts)
    (found,) = SIGNAL.judge(facts)
    return found.judgement.verdict.value, found.judgement.reason


def test_one_new_card_is_a_finding() -> None:
    verdict, reason = judged(Occurrences(500, {"payment_card": 1}), Occurrences(9_000))
    assert verdict == "fail"
    assert reason == "payment cards in 1 of 500 texts, none in 9,000 texts before"


def test_without_anything_before_a_grave_kind_still_is() -> None:
    assert judged(Occurrences(500, {"us_ssn": 1}), None)[0] == "fail"
    assert judged(Occurrences(500, {"email": 1}), None)[0] == "unknown"


def test_what_always_was_there_is_judged_by_its_rise() -> None:
    before = Occurrences(10_000, {"payment_card": 100, "email": 100})
    assert judged(Occurrences(1_000, {"payment_card": 10, "email": 12}), before)[0] == "ok"
    assert judged(Occurrences(1_000, {"payment_card": 60}), before)[0] == "fail"
    # addresses warn only: a rise of them is seldom a leak
    assert judged(Occurrences(1_000, {"email": 60}), before)[0] == "warn"


def test_long_numbers_that_pass_by_chance_are_none() -> None:
    chance = Occurrences(300, {"payment_card": 28, "payment_card?": 272})
    assert judged(chance, None)[0] == "ok"
    # nine in ten are no chance
    true = Occurrences(300, {"payment_card": 270, "payment_card?": 30})
    assert judged(true, None)[0] == "fail"


def test_no_text_is_unknown() -> None:
    assert judged(Occurrences(0), Occurrences(9))[0] == Verdict.UNKNOWN


def test_needs_texts() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01)) == "a column of texts"


@pytest.mark.parametrize("share", [0.002, 0.05, 0.3])
def test_no_rise_is_called_one_more_often_than_allowed(share: float) -> None:
    rng, alpha, draws = np.random.default_rng(3), 0.05, 400
    alarms = 0
    for _ in range(draws):
        now, before = rng.binomial(500, share), rng.binomial(3_000, share)
        verdict, _ = judged(
            Occurrences(500, {"email": int(now)}), Occurrences(3_000, {"email": int(before)}), alpha
        )
        alarms += verdict in {"warn", "fail"}
    # at most alpha, within four standard errors
    assert alarms / draws <= alpha + 4 * (alpha * (1 - alpha) / draws) ** 0.5
