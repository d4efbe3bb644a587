"""A model in the log that nobody has a card of."""

from __future__ import annotations

from monitoring_pipelines.governance.card import NamedModels
from monitoring_pipelines.governance.facts import LogFacts, Named
from tests.governance.cases import card, facts, judged

PLAN = card(models=NamedModels(column="agent", names=("helper",)))


def test_another_agent_fails() -> None:
    log = LogFacts(named={"agent": Named(10, 0, 1, ("shadow",))})
    assert judged("GOV-20", PLAN, facts(log=log)) == (
        "fail", "1 of 10 rows have another agent than the card names: shadow",
    )  # fmt: skip
    log = LogFacts(named={"agent": Named(10, 0, 0, ())})
    assert judged("GOV-20", PLAN, facts(log=log))[0] == "ok"


def test_it_needs_a_promise_and_a_log() -> None:
    assert judged("GOV-20", card(), facts()) == ("", "governance.models")
    assert judged("GOV-20", PLAN, facts()) == ("", "the log")
    assert judged("GOV-20", PLAN, facts(log=LogFacts(problem="no"))) == ("unknown", "no")
