"""`mlmon replay` tells what would have been told, and stores and sends nothing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project


@pytest.fixture
def ran(project: Project) -> Project:
    project("run", "churn")
    return project


def _dump(project: Project) -> list[str]:
    with sqlite3.connect(project.root / ".monitoring" / "monitoring.db") as database:
        return list(database.iterdump())


def test_it_shows_the_alerts_of_the_stored_history(ran: Project) -> None:
    before = _dump(ran)
    done = ran("replay", "churn")
    assert done.exit_code == 1  # performance is still down at the end
    assert "(stored verdicts): 1 alert," in done.stdout
    assert "1 right, 0 wrong" in done.stdout
    assert "No change is proposed" in done.stdout
    (alert,) = ran.json("replay", "churn")
    assert (alert["cause"], alert["ending"], alert["first"]) == (
        "performance", "open", "2026-03-04",
    )  # fmt: skip
    assert alert["labels"] == "performance fell in 3 of 3 windows"
    assert _dump(ran) == before


def test_another_tolerance_is_judged_again_and_nothing_is_stored(ran: Project) -> None:
    before = _dump(ran)
    done = ran("replay", "churn", "--tolerance", "0.6")
    assert done.exit_code == 0
    assert "(windows judged again): 0 alerts" in done.stdout
    assert _dump(ran) == before


def test_without_a_stored_history_it_is_judged_by_the_same_rules(project: Project) -> None:
    (fresh,) = project.json("replay", "churn")
    project("run", "churn")
    (stored,) = project.json("replay", "churn")
    assert fresh == stored


def test_another_persistence_needs_no_judging(ran: Project) -> None:
    done = ran("replay", "churn", "--breaches", "3", "--of", "2")
    assert (done.exit_code, done.stderr) == (
        2, "mlmon: 3 failed windows of the last 2 cannot be: raise `of`.\n",
    )  # fmt: skip
    assert "(stored verdicts)" in ran("replay", "churn", "--clear", "1").stdout


def test_what_people_said_is_shown_and_leads_to_a_proposal(ran: Project) -> None:
    (incident,) = ran.json("incidents", "churn")
    ran("feedback", incident["id"], "false_alarm")
    done = ran("replay", "churn")
    assert "false alarm" in done.stdout
    assert "0 right, 1 wrong" in done.stdout
    assert ran.json("replay", "churn")[0]["feedback"] == "false alarm"


def test_a_tolerance_that_is_no_number_is_refused(project: Project) -> None:
    for given in ("nan", "inf"):
        done = project("replay", "churn", "--tolerance", given)
        assert (done.exit_code, done.stderr) == (
            2, f"mlmon: '--tolerance' is {given}; give a number above 0.\n",
        )  # fmt: skip


def test_a_period_without_windows_is_one_line(project: Project) -> None:
    done = project("replay", "churn", "--from", "2030-01-01")
    assert (done.exit_code, done.stderr) == (
        2, "mlmon: No window of 'churn' lies in that period.\n",
    )  # fmt: skip
