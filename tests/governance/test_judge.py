"""All rules at once, and exceptions from them."""

from __future__ import annotations

import dataclasses

import pytest

from monitoring_pipelines.governance.card import Card
from monitoring_pipelines.governance.judge import Judged, judge
from tests.governance.cases import approval, card, facts, table, waiver

BROKEN = facts(
    has_version_column=True, approvals=(approval("v1", "cro"),), table=table("v2"), chain=""
)


def of(found: list[Judged], rule: str) -> Judged:
    return next(one for one in found if one.rule.id == rule)


def test_every_rule_is_judged_or_says_what_it_misses() -> None:
    found = judge(Card(), facts())
    assert len(found) == 24
    assert all((one.finding is None) == bool(one.missing) for one in found)


@pytest.mark.parametrize(("until", "verdict"), [(1, "warn"), (0, "fail")])
def test_a_failure_is_a_warning_while_it_is_excepted(until: int, verdict: str) -> None:
    excepted = facts(
        has_version_column=True,
        approvals=BROKEN.approvals,
        table=BROKEN.table,
        waivers=(waiver("GOV-04", until),),
    )
    finding = of(judge(card(), excepted), "GOV-04").finding
    assert finding is not None
    assert finding.verdict == verdict
    assert ("(excepted until 2026-03-03 by cro)" in finding.sentence) == (verdict == "warn")


def test_an_exception_by_the_owner_changes_nothing() -> None:
    own = dataclasses.replace(waiver("GOV-04", 1), approver="team:risk")
    found = judge(card(), dataclasses.replace(BROKEN, waivers=(own,)))
    assert [of(found, rule).finding.verdict for rule in ("GOV-04", "GOV-17")] == ["fail"] * 2  # type: ignore[union-attr]


def test_an_exception_from_another_rule_changes_nothing() -> None:
    finding = of(judge(card(), BROKEN), "GOV-04").finding
    assert finding is not None
    assert finding.verdict == "fail"
