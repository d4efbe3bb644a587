"""Rows that are gone too early, and rows that are kept too long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.governance.card import LogKeeping
from monitoring_pipelines.governance.facts import Kept, LogFacts
from tests.governance.cases import AT, DAY, card, facts, judged

PLAN = card(log_retention=LogKeeping(at_least=timedelta(days=183), at_most=timedelta(days=730)))
OLDEST = Window(AT - 101 * DAY, AT - 100 * DAY)


@pytest.mark.parametrize(
    ("kept", "verdict", "told"),
    [
        (
            {"oldest_due": OLDEST, "n_due": 7, "n_too_old": 0},
            "ok",
            "rows since 2025-11-21 are there, and none older than 730 days",
        ),
        (
            {"oldest_due": OLDEST, "n_due": 0, "n_too_old": 0},
            "fail",
            (
                "the rows of window 2025-11-21 are not in the log any more after 101 days, "
                "and are to be kept for 183 days"
            ),
        ),
        (
            {"oldest_due": OLDEST, "n_due": 7, "n_too_old": 12},
            "fail",
            "12 rows are older than 730 days",
        ),
        ({"oldest_due": OLDEST, "n_due": None, "n_too_old": 0}, "unknown", "only by reading it"),
        ({"oldest_due": OLDEST, "n_due": 7, "n_too_old": None}, "unknown", "only by reading it"),
        ({"n_too_old": 0}, "unknown", "no rows were judged yet"),
    ],
)
def test_both_ways(kept: dict[str, Any], verdict: str, told: str) -> None:
    found = judged("GOV-12", PLAN, facts(log=LogFacts(kept=Kept(AT, **kept))))
    assert found[0] == verdict
    assert told in found[1]


def test_it_needs_a_plan_and_a_log() -> None:
    assert judged("GOV-12", card(), facts()) == ("", "governance.log_retention")
    assert judged("GOV-12", PLAN, facts()) == ("", "the log")
    assert judged("GOV-12", PLAN, facts(log=LogFacts(problem="no"))) == ("unknown", "no")
