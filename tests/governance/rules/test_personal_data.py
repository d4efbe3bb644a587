"""Columns and kinds are told, and never a value."""

from __future__ import annotations

from monitoring_pipelines.governance.facts import LogFacts
from tests.governance.cases import card, facts, judged

NONE = card(personal_data=())


def test_what_is_there_though_the_card_says_none() -> None:
    log = LogFacts(personal={"note": {"email": 1_200, "card": 3}, "amount": {}})
    assert judged("GOV-13", NONE, facts(log=log)) == (
        "fail", "note holds card (3), email (1,200), and the card says it holds none",
    )  # fmt: skip
    verdict, told = judged("GOV-13", NONE, facts(log=LogFacts(personal={"amount": {}})))
    assert (verdict, "in 1 columns" in told) == ("ok", True)


def test_it_needs_a_promise_and_a_log() -> None:
    assert judged("GOV-13", card(), facts()) == ("", "governance.personal_data")
    assert judged("GOV-13", NONE, facts()) == ("", "the log")
    assert judged("GOV-13", NONE, facts(log=LogFacts(problem="no"))) == ("unknown", "no")
