"""An exception that has ended is not forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.domain.verdict import Verdict
from tests.governance.cases import AT, DAY, card, facts, judged, waiver

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Waiver


@pytest.mark.parametrize(
    ("waivers", "verdict", "told"),
    [
        (
            [waiver("GOV-03", 30)],
            "ok",
            "exceptions in force: 1; ended, and their rules do not fail: 0",
        ),
        ([waiver("GOV-03", 14)], "warn", "end soon: GOV-03 on 2026-03-16"),
        ([waiver("GOV-03", 0)], "fail", "expired, and the rule fails: GOV-03 on 2026-03-02"),
        # renewed
        ([waiver("GOV-03", 0), waiver("GOV-03", 30)], "ok", ""),
        ([waiver("GOV-03", 0), waiver("GOV-09", 30)], "fail", "GOV-03"),
        # its rule is kept by now
        (
            [waiver("GOV-09", 0)],
            "ok",
            "exceptions in force: 0; ended, and their rules do not fail: 1",
        ),
    ],
)
def test_by_their_end(waivers: list[Waiver], verdict: str, told: str) -> None:
    verdicts = {"GOV-03": Verdict.FAIL, "GOV-09": Verdict.OK}
    found = judged("GOV-17", card(), facts(waivers=tuple(waivers), verdicts=verdicts))
    assert found[0] == verdict
    assert told in found[1]


def test_an_exception_by_the_owner_does_not_count() -> None:
    own = replace(waiver("GOV-03", 30), approver="team:risk")
    verdict, told = judged("GOV-17", card(), facts(waivers=(own,)))
    assert verdict == "fail"
    assert told == "exceptions by who owns or made the model do not count: GOV-03 by team:risk"


def test_an_exception_that_came_later_is_not_known_yet() -> None:
    later = replace(waiver("GOV-03", 30), since=AT + DAY)
    assert judged("GOV-17", card(), facts(waivers=(later,)))[0] == ""


def test_it_needs_an_exception() -> None:
    assert judged("GOV-17", card(), facts()) == ("", "governance.exceptions")
