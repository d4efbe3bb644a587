"""A broken chain is a failure; one that nobody looked at is not fine."""

from __future__ import annotations

from tests.governance.cases import card, facts, judged


def test_the_chain() -> None:
    assert judged("GOV-21", card(), facts(chain=""))[0] == "ok"
    found = judged("GOV-21", card(), facts(chain="record 7 was edited"))
    assert found == ("fail", "the evidence chain is broken: record 7 was edited")
    assert judged("GOV-21", card(), facts()) == ("", "the evidence chain")
