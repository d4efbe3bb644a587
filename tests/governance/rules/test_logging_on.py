"""An empty window where there usually are rows means that nothing is logged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitoring_pipelines.domain.verdict import Verdict
from tests.governance.cases import card, facts, judged, number


@pytest.mark.parametrize(
    ("rows", "volume", "verdict"),
    [
        (500.0, Verdict.OK, "ok"),
        (1.0, Verdict.FAIL, "ok"),  # that is another finding
        (0.0, Verdict.FAIL, "fail"),
        (0.0, Verdict.UNKNOWN, "unknown"),
    ],
)
def test_by_the_rows(rows: float, volume: Verdict, verdict: str) -> None:
    found = replace(number("volume", rows, 0, 0), verdict=volume)
    assert judged("GOV-22", card(), facts(volume=found))[0] == verdict


def test_it_needs_the_volume() -> None:
    assert judged("GOV-22", card(), facts()) == ("", "a result of volume")


def test_a_log_that_was_changed_fails_whatever_came_in() -> None:
    volume = replace(number("volume", 500.0, 0, 0), verdict=Verdict.OK)
    changed = ("logging of calls switched off",)
    assert judged("GOV-22", card(), facts(volume=volume, logging_changed=changed)) == (
        "fail",
        "SEC-23 found: logging of calls switched off",
    )
