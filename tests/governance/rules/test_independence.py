"""An approval by the owner, by whatever name, or by an author raises it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitoring_pipelines.governance.card import Card
from tests.governance.cases import approval, card, facts, judged, table


@pytest.mark.parametrize(
    ("by", "verdict"),
    [
        ("cro@bank.example", "ok"),
        ("ana@bank.example", "fail"),
        ("Ana", "fail"),
        ("ana@other.example", "ok"),
        ("bo", "fail"),
    ],
)
def test_owner_and_authors_cannot(by: str, verdict: str) -> None:
    given = replace(card(authors=("bo@bank.example",)), owner="ana@bank.example")
    known = facts(approvals=(approval("v1", by),), has_version_column=True, table=table("v1"))
    found = judged("GOV-05", given, known)
    assert found[0] == verdict
    if verdict == "fail":
        assert found[1] == f"version v1 was approved by {by}, who owns or made it"


def test_only_the_last_approval_of_what_serves_counts() -> None:
    own, other = approval("v1", "team:risk", 9), approval("v1", "cro")
    serving = {"has_version_column": True, "table": table("v1")}
    assert judged("GOV-05", card(), facts(approvals=(own, other), **serving))[0] == "ok"
    both = (other, approval("v0", "team:risk", 9))
    assert judged("GOV-05", card(), facts(approvals=both, **serving))[0] == "ok"
    # whoever does not log the version is judged by all that may serve
    assert judged("GOV-05", card(), facts(approvals=both))[0] == "fail"
    over = (approval("v1", "cro", 9, until=-1),)
    assert judged("GOV-05", card(), facts(approvals=over, **serving))[0] == "unknown"


def test_it_needs_an_approval_and_somebody_to_be_independent_of() -> None:
    assert judged("GOV-05", card(), facts()) == ("", "governance.approved_versions")
    assert judged("GOV-05", Card(), facts(approvals=(approval("v1", "x"),))) == ("", "owner")
