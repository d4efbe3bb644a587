"""An unapproved, an expired and a withdrawn version each raise it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.governance.cases import approval, card, facts, judged, table

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Approval

APPROVED = approval("v1", "cro")


@pytest.mark.parametrize(
    ("approvals", "versions", "verdict", "told"),
    [
        ([APPROVED], ["v1"], "ok", "every version that served is approved: v1"),
        ([APPROVED], ["v1", "v2"], "fail", "version v2 serves and nobody approved it"),
        ([approval("v1", "cro", 9, until=-1)], ["v1"], "fail", "of version v1 ended on 2026-03-01"),
        # with the window, and within it
        ([approval("v1", "cro", until=0)], ["v1"], "ok", "v1"),
        ([approval("v1", "cro", 9, until=-0.5)], ["v1"], "warn", "in this window, and it may have"),
        ([approval("v1", "cro", days=0.5)], ["v1"], "warn", "may have served before"),
        ([approval("v1", "cro", 9), approval("v1", "cro", 0.5)], ["v1"], "ok", "v1"),
        ([approval("v1", "cro", until=1)], ["v1"], "ok", "v1"),
        ([approval("v1", "cro", days=-1)], ["v1"], "fail", "v1 served before it was approved"),
        # the last word counts: renewed, and withdrawn
        ([approval("v1", "cro", 9, until=-1), APPROVED], ["v1"], "ok", "v1"),
        ([approval("v1", "cro", 9), approval("v1", "cro", 1, until=-1)], ["v1"], "fail", "ended"),
        ([APPROVED], [], "unknown", "no row of this window names its version"),
        ([APPROVED], list("abcdef"), "fail", "; and 3 more"),
    ],
)
def test_what_serves(
    approvals: list[Approval], versions: list[str], verdict: str, told: str
) -> None:
    given = facts(has_version_column=True, approvals=tuple(approvals), table=table(*versions))
    found = judged("GOV-04", card(), given)
    assert found[0] == verdict
    assert told in found[1]


def test_it_needs_a_column_and_an_approval() -> None:
    missing = judged("GOV-04", card(), facts(approvals=(APPROVED,)))
    assert missing == ("", "predictions.columns.model_version")
    missing = judged("GOV-04", card(), facts(has_version_column=True))
    assert missing == ("", "governance.approved_versions")
