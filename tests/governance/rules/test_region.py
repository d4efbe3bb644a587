"""One row elsewhere is enough; one that does not say where is not fine."""

from __future__ import annotations

import pytest

from monitoring_pipelines.governance.facts import LogFacts, Named
from tests.governance.cases import card, facts, judged

PLAN = card(runs_in={"region": ("eu-central-1",), "account": ("1234",)})
FINE = Named(10, 0, 0, ())


@pytest.mark.parametrize(
    ("region", "verdict", "told"),
    [
        (FINE, "ok", "the account of every row is one that the card names"),
        (
            Named(10, 0, 2, ("us-east-1",)),
            "fail",
            "2 of 10 rows have another region than the card names: us-east-1",
        ),
        (Named(10, 3, 0, ()), "unknown", "3 of 10 rows do not say their region"),
        (Named(0, 0, 0, ()), "unknown", "no rows in this window"),
        (None, "unknown", "the log has no column region"),
    ],
)
def test_where_it_ran(region: Named | None, verdict: str, told: str) -> None:
    log = LogFacts(named={"region": region, "account": FINE})
    found = judged("GOV-19", PLAN, facts(log=log))
    assert found[0] == verdict
    assert told in found[1]


def test_it_needs_a_promise_and_a_log() -> None:
    assert judged("GOV-19", card(), facts()) == ("", "governance.runs_in")
    assert judged("GOV-19", PLAN, facts()) == ("", "the log")
    assert judged("GOV-19", PLAN, facts(log=LogFacts(problem="no"))) == ("unknown", "no")
