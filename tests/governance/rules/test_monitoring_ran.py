"""A window without a result is a gap."""

from __future__ import annotations

from tests.governance.cases import card, facts, judged


def test_gaps_are_counted() -> None:
    assert judged("GOV-08", card(), facts(n_due=30)) == ("ok", "the last 30 windows were judged")
    assert judged("GOV-08", card(), facts(n_due=30, n_unjudged=2)) == (
        "fail", "2 of the last 30 windows have no result",
    )  # fmt: skip
    assert judged("GOV-08", card(), facts()) == ("", "an earlier window with results")
