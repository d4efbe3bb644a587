"""Four fifths of the plan are enough."""

from __future__ import annotations

import pytest

from tests.governance.cases import card, facts, judged, number


@pytest.mark.parametrize(("share", "verdict"), [(0.72, "ok"), (0.719, "fail"), (0.0, "fail")])
def test_against_the_plan(share: float, verdict: str) -> None:
    known = facts(label_coverage=number("label_coverage", share, 0, 1))
    assert judged("GOV-09", card(label_coverage=0.9), known)[0] == verdict


def test_the_sentence_has_both_shares() -> None:
    known = facts(label_coverage=number("label_coverage", 0.5, 0, 1))
    told = judged("GOV-09", card(label_coverage=0.9), known)[1]
    assert told == "50.0 % of the labels of window 2026-03-01 came, planned are 90.0 %"


def test_it_needs_a_plan_and_mature_labels() -> None:
    assert judged("GOV-09", card(), facts()) == ("", "governance.label_coverage")
    missing = judged("GOV-09", card(label_coverage=0.9), facts())
    assert missing == ("", "a window whose labels are mature")
