"""An exception that has ended is not forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.governance.cases import card, facts, judged, waiver

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Waiver


@pytest.mark.parametrize(
    ("waivers", "verdict", "told"),
    [
        ([waiver("GOV-03", 30)], "ok", "1 exceptions are in force"),
        ([waiver("GOV-03", 14)], "warn", "end soon: GOV-03 on 2026-03-16"),
        ([waiver("GOV-03", 0)], "fail", "expired exceptions: GOV-03 on 2026-03-02"),
        # renewed
        ([waiver("GOV-03", 0), waiver("GOV-03", 30)], "ok", ""),
        ([waiver("GOV-03", 0), waiver("GOV-09", 30)], "fail", "GOV-03"),
    ],
)
def test_by_their_end(waivers: list[Waiver], verdict: str, told: str) -> None:
    found = judged("GOV-17", card(), facts(waivers=tuple(waivers)))
    assert found[0] == verdict
    assert told in found[1]


def test_it_needs_an_exception() -> None:
    assert judged("GOV-17", card(), facts()) == ("", "governance.exceptions")
